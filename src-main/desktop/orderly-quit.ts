/** However the app is told to quit, it first closes what it has open; being told again meanwhile changes nothing. */
import { app } from 'electron';

/**
 * @param close is called once; the app quits when it is done, also where it failed
 * @param onFailure hears why
 */
export function closeBeforeQuit(close: () => Promise<void>, onFailure: (error: unknown) => void): void {
  let state: 'open' | 'closing' | 'closed' = 'open';
  app.on('before-quit', (event) => {
    if (state === 'closed') return;
    event.preventDefault();
    if (state === 'closing') return;
    state = 'closing';
    void close()
      .catch(onFailure)
      .finally(() => {
        state = 'closed';
        app.quit();
      });
  });
}

/** For what can only change while the app is closed. */
export function quitAndStartAgain(): void {
  const { APPIMAGE } = process.env;
  // An AppImage is unpacked while it runs: the program itself is gone with it.
  app.relaunch(APPIMAGE ? { execPath: APPIMAGE } : {});
  app.quit();
}
