/** What happens in the page's own world before its scripts. Sent as source, so it refers to nothing outside itself. */
import type { makeBridge } from './bridge.ts';

/** @param secret name of the event that brings the bridge's event target from the preload script's world */
export function mainWorld(secret: string, bridgeOf: typeof makeBridge): void {
  if (window !== window.top) return;
  // A pop-up is put to the app's handler and then closed; the page gets what it gets where the app denies it. Without
  // "noopener" the page would stand still until the pop-up has started, which it may never do.
  const open = window.open;
  window.open = (url, target, features) => open.call(window, url, target, `${features ?? ''},noopener`);

  function freeze(value: unknown): unknown {
    if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return value;
    for (const one of Object.values(value)) freeze(one);
    return Object.freeze(value);
  }

  window.addEventListener(
    secret,
    (event) => {
      event.stopImmediatePropagation();
      // The one thing that an event carries by reference is the target that it is related to.
      const bus = (event as MouseEvent).relatedTarget;
      if (!bus) return;
      bridgeOf(bus, 'main', 'isolated').onExpose((key, value) => {
        if (Object.hasOwn(window, key))
          throw new Error('Cannot bind an API on top of an existing property on the window object');
        Object.defineProperty(window, key, { value: freeze(value), enumerable: true });
      });
    },
    { once: true, capture: true },
  );
}
