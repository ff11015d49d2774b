/** All that goes on around the window for as long as the lab is open: taskbar, notifications, wakefulness, theme. */
import type { LabContract } from '../../src-preload/contract/lab-contract.ts';
import type { Answers } from '../../src-preload/contract/server.ts';
import { followRuns } from './follow-runs.ts';
import { KeepAwake } from './keep-awake.ts';
import { EndNotifications } from './notifications.ts';
import { showProgress } from './taskbar-progress.ts';
import { followTheme } from './theme.ts';

/** @returns ends it; call it before the lab closes */
export function keepSurroundings(
  { runs, settings }: Pick<Answers<LabContract>, 'runs' | 'settings'>,
  showRun: (run: number) => void,
): () => void {
  const keepAwake = new KeepAwake();
  const notifications = new EndNotifications({
    isWanted: () => settings.read().notifyWhenDone,
    show: showRun,
  });
  followTheme(settings);
  const stop = followRuns(runs, (all) => {
    showProgress(all);
    notifications.look(all);
    keepAwake.set(settings.read().keepAwake && all.some(({ state }) => state === 'running'));
  });
  return () => {
    stop();
    keepAwake.end();
  };
}
