/** Gives the page of a window a port of its own to the lab; what goes through it is the contract. */
import { ipcMain, MessageChannelMain, type MessagePortMain } from 'electron';
import { type LabContract, labContract } from '../../src-preload/contract/lab-contract.ts';
import { type Answers, serve } from '../../src-preload/contract/server.ts';
import type { Transport } from '../../src-preload/contract/transport.ts';
import { ORIGIN } from './app-protocol.ts';

/** @param onUnexpected hears of errors that are not the lab's own */
export function openDoor(
  answers: Answers<LabContract>,
  onUnexpected: (error: unknown, endpoint: string) => void,
): void {
  ipcMain.on('lab-connect', ({ sender, senderFrame }) => {
    // Only the lab's own page, and only in the window itself: never a frame within it.
    if (senderFrame?.origin !== ORIGIN || senderFrame !== sender.mainFrame) return;
    const { port1, port2 } = new MessageChannelMain();
    serve(labContract, answers, portTransport(port1), { onUnexpected });
    sender.postMessage('lab-port', null, [port2]);
  });
}

function portTransport(port: MessagePortMain): Transport {
  return {
    send: (message) => port.postMessage(message),
    listen: (listener) => {
      port.on('message', ({ data }) => listener.received(data));
      port.on('close', () => listener.closed());
      listener.opened();
      port.start();
    },
    close: () => port.close(),
  };
}
