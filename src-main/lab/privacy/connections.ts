/**
 * Counts what this process connects to outside this computer. Everything in Node that opens a connection (http, fetch,
 * WebSocket, TLS) comes through `net.Socket.connect`; what sends without one, through `dgram`. Both are watched there, so
 * a library that phones home is counted too.
 */
import dgram from 'node:dgram';
import net from 'node:net';

type Listener = (host: string) => void;

const listeners = new Set<Listener>();
const told = new WeakMap<object, Set<string>>();
const { connect } = net.Socket.prototype;
const { connect: connectDatagram, send } = dgram.Socket.prototype;

/** Calls the listener at each attempt, with the host as it was named, until the returned function is called. */
export function watchConnections(listener: Listener): () => void {
  listeners.add(listener);
  if (listeners.size === 1) setWatch(true);
  return () => {
    if (listeners.delete(listener) && listeners.size === 0) setWatch(false);
  };
}

/** Whether a name or address can only mean this computer. */
export function isThisComputer(host: string): boolean {
  const name = host.toLowerCase().replace(/^::ffff:/, '');
  if (['localhost', '::1', '::', '0.0.0.0'].includes(name) || name.endsWith('.localhost')) return true;
  return net.isIPv4(name) && name.startsWith('127.');
}

function setWatch(isWatched: boolean): void {
  net.Socket.prototype.connect = isWatched ? watched(connect, hostOfConnect) : connect;
  dgram.Socket.prototype.connect = isWatched
    ? watched(connectDatagram, (words) => words[1])
    : connectDatagram;
  dgram.Socket.prototype.send = isWatched ? watched(send, hostOfSend) : send;
}

/** Once for a socket and a host: Node sends a first datagram again when its socket is ready. */
function tell(socket: object, host: string): void {
  const known = told.get(socket) ?? new Set();
  told.set(socket, known);
  if (known.has(host)) return;
  known.add(host);
  for (const listener of listeners) listener(host);
}

function watched<Method extends (...words: never[]) => unknown>(
  method: Method,
  hostOf: (words: unknown[]) => unknown,
): Method {
  return function (this: object, ...words: never[]) {
    const host = hostOf(words);
    if (typeof host === 'string' && !isThisComputer(host)) tell(this, host);
    return method.apply(this, words);
  } as Method;
}

/** (port, host), (options) or, from within Node, ([options]); with a path it is a pipe of this computer. */
function hostOfConnect([first, second]: unknown[]): unknown {
  const options = Array.isArray(first) ? first[0] : first;
  if (typeof options !== 'object' || options === null) return second;
  return 'path' in options && options.path ? undefined : 'host' in options ? options.host : undefined;
}

/** (message, port, address) or (message, offset, length, port, address), each perhaps with a callback. */
function hostOfSend(words: unknown[]): unknown {
  return words.slice(1).find((word) => typeof word === 'string');
}
