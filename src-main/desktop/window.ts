/** A window on the lab: sandboxed, without Node, on the lab's own page. */
import path from 'node:path';
import { BrowserWindow } from 'electron';
import { ORIGIN } from './app-protocol.ts';

export function openWindow(): void {
  const window = new BrowserWindow({
    width: 1280,
    height: 860,
    minWidth: 1024,
    show: false,
    webPreferences: {
      preload: path.join(import.meta.dirname, '../preload/index.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
    },
  });
  window.once('ready-to-show', () => window.show());
  void window.loadURL(`${ORIGIN}/`);
}
