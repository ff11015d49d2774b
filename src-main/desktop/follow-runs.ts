/**
 * What the desktop shows of the runs while the window is out of sight: the progress in the taskbar, and word when one ends.
 * Runs change many times a second; this looks at them once a second.
 */
import type { Run } from '../../src-preload/contract/endpoints/runs.ts';
import type { SignalSource } from '../../src-preload/contract/server.ts';

const PAUSE_MILLISECONDS = 1_000;

/** Calls `look` now and then after changes, until the returned function is called. */
export function followRuns(
  runs: SignalSource<readonly Run[]>,
  look: (runs: readonly Run[]) => void,
): () => void {
  let timer: NodeJS.Timeout | undefined;
  const unsubscribe = runs.subscribe(() => {
    timer ??= setTimeout(() => {
      timer = undefined;
      look(runs.read());
    }, PAUSE_MILLISECONDS);
  });
  look(runs.read());
  return () => {
    unsubscribe();
    clearTimeout(timer);
  };
}
