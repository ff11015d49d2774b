/** The way to the lab in the desktop app: a port that the preload script hands over. */
import type { Transport, TransportListener } from '../../src-preload/contract/transport.ts';

declare global {
  interface Window {
    /** There in the desktop app only. */
    readonly hyperfitLab?: {
      connect(): void;
      /** Where a dropped file or folder lies; empty where it lies nowhere. */
      pathOf(file: File): string;
    };
  }
}

export function portTransport(door: { connect(): void }): Transport {
  let port: MessagePort | undefined;
  return {
    send: (message) => port?.postMessage(message),
    listen: (listener: TransportListener) => {
      window.addEventListener('message', ({ source, data, ports: [given] }) => {
        if (source !== window || data !== 'lab-port' || given === undefined) return;
        port = given;
        port.addEventListener('message', (event) => listener.received(event.data));
        port.start();
        listener.opened();
      });
      door.connect();
    },
    close: () => port?.close(),
  };
}
