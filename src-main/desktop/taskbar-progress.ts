/** How far the run is that is computed, on the app's icon in the taskbar or dock. */
import { BrowserWindow } from 'electron';
import type { Run } from '../../src-preload/contract/endpoints/runs.ts';

/** As setProgressBar reads it. */
const NONE = -1;
/** More than all: under way, nobody knows how far. */
const UNKNOWN = 2;

export function showProgress(runs: readonly Run[]): void {
  for (const window of BrowserWindow.getAllWindows()) window.setProgressBar(progressOf(runs));
}

function progressOf(runs: readonly Run[]): number {
  const running = runs.find(({ state }) => state === 'running');
  if (running === undefined) return NONE;
  return running.live?.phase === 'training' ? running.live.share : UNKNOWN;
}
