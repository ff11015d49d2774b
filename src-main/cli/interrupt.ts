/**
 * Ctrl-C ends work in an orderly way: the first one asks, a second one ends the process at once. A terminal sends it to
 * npm as well, which passes it on: what comes within half a second is the same key press.
 */
const SAME_PRESS_MILLISECONDS = 500;

export function abortOnInterrupt(): AbortSignal {
  const controller = new AbortController();
  let asked = 0;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (!controller.signal.aborted) asked = performance.now();
      else if (performance.now() - asked > SAME_PRESS_MILLISECONDS) process.exit(130);
      controller.abort();
    });
  }
  return controller.signal;
}
