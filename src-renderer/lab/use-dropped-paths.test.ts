import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type EffectScope, effectScope } from 'vue';

/** All of a page that dropping needs. */
const zone = new EventTarget();
vi.stubGlobal('document', zone);
vi.stubGlobal('window', {});
const { useDroppedPaths } = await import('./use-dropped-paths.ts');

let scope: EffectScope;
const taken: string[][] = [];
let problem: { readonly value: string };
beforeEach(() => {
  taken.length = 0;
  scope = effectScope();
  problem = scope.run(() => useDroppedPaths(zone as Document, (paths) => taken.push(paths)))!.problem;
});
afterEach(() => {
  scope.stop();
  vi.stubGlobal('window', {});
});

/** A browser shows a dropped file in place of the page, unless the page prevents it. */
function drop(kind: 'file' | 'string', ...names: string[]): { wasPrevented: boolean } {
  const event = Object.assign(new Event('drop', { cancelable: true }), {
    dataTransfer: { items: [{ kind }], files: names.map((name) => ({ name })), dropEffect: '' },
  });
  zone.dispatchEvent(event);
  return { wasPrevented: event.defaultPrevented };
}

function inDesktopApp(pathOf: (file: { name: string }) => string): void {
  vi.stubGlobal('window', { hyperfitLab: { connect: () => {}, pathOf } });
}

it('gives the paths of what was dropped in the desktop app', () => {
  inDesktopApp(({ name }) => `/texts/${name}`);
  expect(drop('file', 'sea.txt', 'winter.txt').wasPrevented).toBe(true);
  expect(taken).toEqual([['/texts/sea.txt', '/texts/winter.txt']]);
  expect(problem.value).toBe('');
});

it('says in a browser what to do instead, and keeps the page', () => {
  expect(drop('file', 'sea.txt').wasPrevented).toBe(true);
  expect(taken).toEqual([]);
  expect(problem.value).toMatch(/choose it with the button/);
});

it('says that a dropped picture of a page lies nowhere, until something else is dropped', () => {
  inDesktopApp(({ name }) => (name === 'picture.png' ? '' : `/texts/${name}`));
  drop('file', 'picture.png');
  expect(problem.value).toMatch(/save it to a file/);
  drop('file', 'sea.txt');
  expect(problem.value).toBe('');
});

it('takes no text for a file', () => {
  inDesktopApp(({ name }) => `/texts/${name}`);
  drop('string');
  expect(taken).toEqual([]);
  expect(problem.value).toBe('');
});
