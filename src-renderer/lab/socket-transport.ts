/** The way to the lab in browser mode: a WebSocket that is made again whenever it breaks. */
import type { Transport, TransportListener } from '../../src-preload/contract/transport.ts';

const FIRST_WAIT = 250;
const LONGEST_WAIT = 5_000;

export function socketTransport(url: string): Transport {
  let socket: WebSocket | undefined;
  let listener: TransportListener | undefined;
  let wait = FIRST_WAIT;
  let closed = false;

  function connect(): void {
    socket = new WebSocket(url);
    let opened = false;
    socket.addEventListener('open', () => {
      opened = true;
      wait = FIRST_WAIT;
      listener?.opened();
    });
    socket.addEventListener('message', ({ data }) => listener?.received(JSON.parse(String(data))));
    socket.addEventListener('close', () => {
      if (opened) listener?.closed();
      if (closed) return;
      setTimeout(connect, wait);
      wait = Math.min(2 * wait, LONGEST_WAIT);
    });
  }

  return {
    send: (message) => {
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
    },
    listen: (one) => {
      listener = one;
      connect();
    },
    close: () => {
      closed = true;
      socket?.close();
    },
  };
}
