/** What a change of screen means to who cannot see it: the window has another title, and the focus is on its heading. */
import { nextTick } from 'vue';
import type { Router } from 'vue-router';
import { placeOfPath } from './places.ts';

export function followRoute(router: Router): void {
  router.afterEach(async ({ path }, from, failure) => {
    if (failure) return;
    document.title = `${placeOfPath(path)?.title ?? 'Home'} · Hyperfit Lab`;
    // At the start the focus stays where the browser puts it; a changed query is no other screen.
    if (from.matched.length === 0 || from.path === path) return;
    await nextTick();
    const content = document.querySelector<HTMLElement>('main');
    const target = content?.querySelector<HTMLElement>('h1') ?? content;
    if (!target) return;
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  });
}
