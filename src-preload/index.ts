/** The door between the page and the lab: it hands the page a port, and knows nothing of what goes through it. */
import { contextBridge, ipcRenderer, webUtils } from 'electron';

/** The page's window; nothing else of the browser is used here. */
declare const window: {
  readonly origin: string;
  postMessage(message: unknown, targetOrigin: string, ports: unknown[]): void;
};
/** A file that the page was given by hand. */
type DroppedFile = Parameters<typeof webUtils.getPathForFile>[0];

contextBridge.exposeInMainWorld('hyperfitLab', {
  /** Asks for a port; it comes to the page as the message "lab-port". */
  connect: () => ipcRenderer.send('lab-connect'),
  pathOf: (file: DroppedFile) => webUtils.getPathForFile(file),
});
ipcRenderer.on('lab-port', ({ ports }) => window.postMessage('lab-port', window.origin, [...ports]));
