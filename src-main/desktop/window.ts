/** The window on the lab: sandboxed, without Node, on the lab's own page. There is one at most. */
import path from 'node:path';
import { BrowserWindow, screen } from 'electron';
import { ORIGIN } from './app-protocol.ts';
import { keepWindowState, readWindowState, SMALLEST } from './window-state.ts';

/**
 * Brings the window to the front, and opens it where there is none.
 *
 * @param stateFile see window-state.ts
 */
export function showWindow(stateFile: string): void {
  const [window] = BrowserWindow.getAllWindows();
  if (window === undefined) openWindow(stateFile);
  else {
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  }
}

function openWindow(stateFile: string): void {
  const screens = screen.getAllDisplays().map(({ workArea }) => workArea);
  const { bounds, isMaximized } = readWindowState(stateFile, screens);
  const window = new BrowserWindow({
    ...bounds,
    minWidth: SMALLEST.width,
    minHeight: SMALLEST.height,
    show: false,
    webPreferences: {
      preload: path.join(import.meta.dirname, '../preload/index.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      // Its dictionaries would come from the network.
      spellcheck: false,
    },
  });
  keepWindowState(stateFile, window);
  window.once('ready-to-show', () => {
    if (isMaximized) window.maximize();
    window.show();
  });
  void window.loadURL(`${ORIGIN}/`);
}
