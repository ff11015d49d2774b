/** What `import … from 'electron'` gives in the main process. A name that is not here fails as the bundle is linked. */
export { app } from './app.ts';
export { dialog } from './dialog.ts';
export { ipcMain } from './ipc-main.ts';
export { Menu } from './menu.ts';
export { protocol } from './network.ts';
export { MessageChannelMain } from './ports.ts';
export { session } from './session.ts';
export { Notification, nativeTheme, powerSaveBlocker, screen, shell } from './system.ts';
export { utilityProcess } from './utility-process.ts';
export { BrowserWindow } from './window.ts';
