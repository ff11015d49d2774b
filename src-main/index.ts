/** The desktop app's entry: one sandboxed window on the page that was built with it, without Node or network access. */
import path from 'node:path';
import { app, BrowserWindow, session } from 'electron';

// Not awaited: Electron becomes ready only after this module has been evaluated.
void app.whenReady().then(openWindow);
app.on('window-all-closed', () => app.quit());

function openWindow(): void {
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.defaultSession.webRequest.onBeforeRequest(({ url }, answer) =>
    answer({ cancel: !['file:', 'devtools:'].includes(new URL(url).protocol) }),
  );

  const window = new BrowserWindow({
    width: 1280,
    height: 860,
    show: false,
    webPreferences: {
      preload: path.join(import.meta.dirname, '../preload/index.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
    },
  });
  window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  window.webContents.on('will-navigate', (event) => event.preventDefault());
  window.once('ready-to-show', () => window.show());
  void window.loadFile(path.join(import.meta.dirname, '../renderer/index.html'));
}
