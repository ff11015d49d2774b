/** The desktop app's entry: one window on the renderer, sandboxed, without access to Node or the network. */
import path from 'node:path';
import { app, BrowserWindow } from 'electron';

await app.whenReady();

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
await window.loadFile(path.join(import.meta.dirname, '../renderer/index.html'));

app.on('window-all-closed', () => app.quit());
