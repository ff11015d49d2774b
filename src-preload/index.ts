/** The door between the page and the lab. It opens with the contract; until then the page learns one version number. */
import { contextBridge } from 'electron';

contextBridge.exposeInMainWorld('lab', { electron: process.versions.electron });
