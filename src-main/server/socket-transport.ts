/** A WebSocket of one page as a transport. */
import type { WebSocket } from 'ws';
import type { Transport, TransportListener } from '../../src-preload/contract/transport.ts';

export function socketTransport(socket: WebSocket): Transport {
  return {
    send: (message) => {
      if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
    },
    listen: (listener: TransportListener) => {
      socket.on('message', (data) => listener.received(parse(String(data))));
      socket.on('close', () => listener.closed());
      // What breaks a connection closes it, too.
      socket.on('error', () => {});
      listener.opened();
    },
    close: () => socket.close(),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
