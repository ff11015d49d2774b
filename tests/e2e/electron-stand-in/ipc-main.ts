/** ipcMain: what pages send. */
import { EventEmitter } from 'node:events';
import { strictly } from './represented.ts';

class IpcMain extends EventEmitter {}
strictly('ipcMain', IpcMain.prototype);

export const ipcMain = new IpcMain();
