/**
 * The preload script's world: Electron's modules as a sandboxed preload script has them, then the script itself. Sent as
 * source, so it refers to nothing outside itself.
 */
import type { Codec } from '../structured-clone.ts';
import type { makeBridge } from './bridge.ts';

/** A port's message on its way: its data are text. */
type CodedPort =
  | { readonly kind: 'port'; readonly id: string; readonly data: string; readonly ports: readonly string[] }
  | { readonly kind: 'port-closed'; readonly id: string };

interface CodedSend {
  readonly kind: 'send';
  readonly channel: string;
  readonly values: string;
  readonly ports: readonly string[];
}

/** From this world to the main process. */
export type PageMessage = CodedPort | CodedSend | { readonly kind: 'preload-error'; readonly error: string };

/** From the main process to this world. */
export type PreloadMessage = CodedPort | CodedSend;

export interface Beginning {
  /** Name of the event that carries the bridge to the page's world. */
  readonly secret: string;
  /** Name of the function here that speaks to the main process. */
  readonly binding: string;
  /** Name of the function here that the main process calls. */
  readonly receiver: string;
  /** Folder in which every file lies that the page is given: Chromium tells no path. */
  readonly droppedFrom: string;
  readonly process: Readonly<Record<string, unknown>>;
}

type Preload = (require: (name: string) => unknown, module: object, exports: object, process: object) => void;

export function isolatedWorld(
  beginning: Beginning,
  codec: Codec,
  bridgeOf: typeof makeBridge,
  preload: Preload,
): void {
  if (window !== window.top) return;
  const toMain: (text: string) => void = Reflect.get(globalThis, beginning.binding);
  const send = (message: PageMessage) => toMain(JSON.stringify(message));
  const bus = new EventTarget();
  const bridge = bridgeOf(bus, 'isolated', 'main');
  window.dispatchEvent(new MouseEvent(beginning.secret, { relatedTarget: bus }));

  const ports = new Map<string, MessagePort>();
  const listeners = new Map<string, Set<(event: object, ...values: unknown[]) => void>>();
  let last = 0;

  /** What comes out of the port goes to the main process. @returns its id */
  function bind(port: MessagePort, id = `page-${++last}`): string {
    ports.set(id, port);
    port.onmessage = ({ data, ports: given }) =>
      send({ kind: 'port', id, data: codec.encode(data), ports: given.map((one) => bind(one)) });
    port.addEventListener('close', () => {
      if (ports.delete(id)) send({ kind: 'port-closed', id });
    });
    return id;
  }

  function take(ids: readonly string[]): MessagePort[] {
    return ids.map((id) => {
      const { port1, port2 } = new MessageChannel();
      bind(port1, id);
      return port2;
    });
  }

  function received(text: string): void {
    const message: PreloadMessage = JSON.parse(text);
    if (message.kind === 'send') {
      const event = { sender: ipcRenderer, ports: take(message.ports) };
      const values = codec.decode(message.values) as unknown[];
      for (const listener of [...(listeners.get(message.channel) ?? [])]) listener(event, ...values);
    } else if (message.kind === 'port') {
      ports.get(message.id)?.postMessage(codec.decode(message.data), take(message.ports));
    } else {
      const port = ports.get(message.id);
      ports.delete(message.id);
      port?.close();
    }
  }
  Object.defineProperty(globalThis, beginning.receiver, { value: received });

  /** Reading what is not there throws; see represented.ts. */
  function strictly<Module extends object>(name: string, module: Module): Module {
    return new Proxy(module, {
      get(target, key) {
        if (key in target || typeof key === 'symbol') return Reflect.get(target, key);
        throw new Error(`The Electron stand-in does not represent ${name}.${key}.`);
      },
    });
  }

  const ipcRenderer = strictly('ipcRenderer', {
    send: (channel: string, ...values: unknown[]) =>
      send({ kind: 'send', channel, values: codec.encode(values), ports: [] }),
    on: (channel: string, listener: (event: object, ...values: unknown[]) => void) => {
      listeners.set(channel, (listeners.get(channel) ?? new Set()).add(listener));
      return ipcRenderer;
    },
  });
  const electron = strictly('electron', {
    ipcRenderer,
    contextBridge: strictly('contextBridge', { exposeInMainWorld: bridge.expose }),
    webUtils: strictly('webUtils', {
      getPathForFile: ({ name }: File) => (beginning.droppedFrom ? `${beginning.droppedFrom}/${name}` : ''),
    }),
  });

  function require(name: string): unknown {
    if (name === 'electron') return electron;
    throw new Error(`module not found: ${name}`);
  }

  try {
    const module = { exports: {} };
    preload(require, module, module.exports, { ...beginning.process });
  } catch (error) {
    console.error('Unable to load preload script', error);
    send({ kind: 'preload-error', error: String(error) });
  }
}
