/** The desktop app's entry: it opens the lab, then a window on it. One app works on one data folder. */
import path from 'node:path';
import { app, BrowserWindow, dialog } from 'electron';
import { declareProtocol, servePages } from './desktop/app-protocol.ts';
import { openDoor } from './desktop/lab-door.ts';
import { lockDown } from './desktop/lockdown.ts';
import { startUtilityEngine } from './desktop/utility-engine.ts';
import { openWindow } from './desktop/window.ts';
import { LabError } from './engine/errors.ts';
import { Lab } from './lab/lab.ts';

declareProtocol();
if (app.requestSingleInstanceLock()) {
  app.on('second-instance', () => {
    const [window] = BrowserWindow.getAllWindows();
    if (window?.isMinimized()) window.restore();
    window?.focus();
  });
  // Not awaited: Electron becomes ready only after this module has been evaluated.
  void app.whenReady().then(start, fail);
} else {
  app.quit();
}

async function start(): Promise<void> {
  lockDown();
  servePages(path.join(import.meta.dirname, '../renderer'));
  let lab: Lab;
  try {
    lab = await Lab.open({
      dataFolder: process.env.HYPERFIT_LAB_HOME ?? app.getPath('userData'),
      resources: path.join(app.getAppPath(), 'resources'),
      startEngine: () => startUtilityEngine(path.join(import.meta.dirname, 'engine-process.js')),
      roots: [app.getPath('home')],
      version: app.getVersion(),
    });
  } catch (error) {
    return fail(error);
  }
  openDoor(lab.answers, (error, endpoint) => console.error(endpoint, error));
  openWindow();
  app.on('window-all-closed', () => app.quit());
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) openWindow();
  });
  let isClosed = false;
  app.on('before-quit', (event) => {
    if (isClosed) return;
    // What is being trained keeps a checkpoint first.
    event.preventDefault();
    void lab.close().finally(() => {
      isClosed = true;
      app.quit();
    });
  });
}

function fail(error: unknown): void {
  const message = error instanceof LabError ? error.message : `The lab could not start: ${String(error)}`;
  dialog.showErrorBox('Hyperfit Lab', message);
  app.exit(1);
}
