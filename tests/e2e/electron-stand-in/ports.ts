/**
 * MessageChannelMain. A port that has been handed to another process (a page, a utility process) is bound to the `Way` to
 * it: what is sent to it goes over there, under its id.
 */
import { EventEmitter } from 'node:events';
import { strictly } from './represented.ts';

interface Packet {
  readonly data: unknown;
  readonly ports: readonly Port[];
}

/** What is told about ports between processes. */
export type PortMessage =
  | { readonly kind: 'port'; readonly id: string; readonly data: unknown; readonly ports: readonly string[] }
  | { readonly kind: 'port-closed'; readonly id: string };

/** The way to another process; `prefix` keeps apart the ids that the two ends give. */
export abstract class Way {
  readonly #bound = new Map<string, Port>();
  readonly #prefix: string;
  static #last = 0;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  protected abstract carry(message: PortMessage): void;

  /** Hands ports over. @returns the ids under which they go */
  give(ports: readonly Port[]): string[] {
    return ports.map((port) => {
      const id = `${this.#prefix}${++Way.#last}`;
      this.#bind(id, port);
      return id;
    });
  }

  /** @param ids of ports that the other end has handed over */
  take(ids: readonly string[]): Port[] {
    return ids.map((id) => {
      const { port1, port2 } = channel();
      this.#bind(id, port2);
      return port1;
    });
  }

  arrived(message: PortMessage): void {
    const port = this.#bound.get(message.id);
    if (message.kind === 'port') {
      port?.other?.receive({ data: message.data, ports: this.take(message.ports) });
    } else {
      this.#bound.delete(message.id);
      port?.other?.ended();
    }
  }

  /** The other process is gone, and its ports with it. */
  end(): void {
    for (const id of [...this.#bound.keys()]) this.arrived({ kind: 'port-closed', id });
  }

  #bind(id: string, port: Port): void {
    this.#bound.set(id, port);
    port.moveTo({
      receive: ({ data, ports }) => this.carry({ kind: 'port', id, data, ports: this.give(ports) }),
      ended: () => {
        this.#bound.delete(id);
        this.carry({ kind: 'port-closed', id });
      },
    });
  }
}

interface Place {
  receive(packet: Packet): void;
  ended(): void;
}

class Port extends EventEmitter implements Place {
  other: Port | undefined;
  #place: Place | undefined;
  #waiting: Packet[] = [];
  #isStarted = false;
  #isOver = false;

  postMessage(message: unknown, transfer: readonly Port[] = []): void {
    this.#mustBeHere();
    this.other?.receive({ data: structuredClone(message), ports: transfer });
  }

  start(): void {
    this.#isStarted = true;
    this.#deliver();
  }

  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    setImmediate(() => {
      this.other?.ended();
      this.emit('close');
    });
  }

  receive(packet: Packet): void {
    if (this.#isOver) return;
    if (this.#place) {
      this.#place.receive(packet);
      return;
    }
    this.#waiting.push(packet);
    if (this.#isStarted) this.#deliver();
  }

  ended(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#place) this.#place.ended();
    else setImmediate(() => this.emit('close'));
  }

  moveTo(place: Place): void {
    this.#mustBeHere();
    this.#place = place;
    for (const packet of this.#waiting.splice(0)) place.receive(packet);
    if (this.#isOver) place.ended();
  }

  #mustBeHere(): void {
    if (this.#place) throw new Error('Port is neutered');
  }

  #deliver(): void {
    setImmediate(() => {
      for (const packet of this.#waiting.splice(0)) this.emit('message', packet);
    });
  }
}
strictly('MessagePortMain', Port.prototype);

function channel(): { readonly port1: Port; readonly port2: Port } {
  const [port1, port2] = [new Port(), new Port()];
  port1.other = port2;
  port2.other = port1;
  return { port1, port2 };
}

export { Port as MessagePortMain };

export class MessageChannelMain {
  readonly port1: Port;
  readonly port2: Port;

  constructor() {
    const { port1, port2 } = channel();
    this.port1 = port1;
    this.port2 = port2;
  }
}
