/** The door between the page and the lab. It opens with the contract; until then the page learns the version alone. */
import { contextBridge } from 'electron';

contextBridge.exposeInMainWorld('lab', { versions: { electron: process.versions.electron } });
