/**
 * What happens when something breaks that never should: it is written to the log, and the person is told in words where
 * that lies. A page that ended is loaded again, once; the lab itself goes on without it. After an error in the lab's own
 * process nothing can be relied on: it closes, which lets what is trained keep a checkpoint.
 */
import { app, dialog } from 'electron';
import type { LogFile } from './log-file.ts';

/** A page that ends again so soon would end again and again. */
const SOON_MILLISECONDS = 60_000;

/** Before the app is ready. */
export function watchForCrashes(log: LogFile): void {
  const seeLog = `The log tells more: ${log.path}`;
  let isClosing = false;
  process.on('uncaughtException', (error) => {
    log.write('Error in the lab', error);
    if (isClosing) return;
    isClosing = true;
    dialog.showErrorBox(
      'Hyperfit Lab must close',
      `Something went wrong that the lab did not expect. What is being trained keeps a checkpoint.\n\n${seeLog}`,
    );
    app.quit();
  });
  process.on('unhandledRejection', (reason) =>
    log.write('Error in the lab, that nothing waited for', reason),
  );

  let lastReload = Number.NEGATIVE_INFINITY;
  app.on('render-process-gone', (_event, contents, details) => {
    if (details.reason === 'clean-exit') return;
    log.write('The page ended', details);
    if (performance.now() - lastReload > SOON_MILLISECONDS) {
      lastReload = performance.now();
      contents.reload();
      return;
    }
    dialog.showErrorBox(
      'The page ended twice',
      `Training goes on without it. "Reload" in the menu "View" brings it back.\n\n${seeLog}`,
    );
  });
  app.on('child-process-gone', (_event, details) => {
    if (details.reason !== 'clean-exit') log.write('A process of the lab ended', details);
  });
}
