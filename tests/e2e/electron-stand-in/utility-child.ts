/** The inside of a utility process: `process.parentPort`, and no other part of Electron. */
import { EventEmitter } from 'node:events';
import { type PortMessage, Way } from './ports.ts';
import type { UtilityMessage } from './utility-process.ts';

const send = process.send!.bind(process);
Object.defineProperty(process, 'send', { value: undefined });

class WayToMain extends Way {
  protected carry(message: PortMessage): void {
    send(message);
  }
}
const way = new WayToMain('utility-');

class ParentPort extends EventEmitter {
  /** What has come before anybody listens. */
  #waiting: object[] | undefined = [];

  constructor() {
    super();
    this.on('newListener', (name) => {
      if (name !== 'message') return;
      const events = this.#waiting ?? [];
      this.#waiting = undefined;
      setImmediate(() => {
        for (const event of events) this.emit('message', event);
      });
    });
  }

  received(event: object): void {
    if (this.#waiting) this.#waiting.push(event);
    else this.emit('message', event);
  }

  postMessage(data: unknown): void {
    send({ kind: 'message', data });
  }
}

const parentPort = new ParentPort();
Object.defineProperty(process, 'parentPort', { value: parentPort });
process.on('message', (message: UtilityMessage) => {
  if (message.kind === 'message') parentPort.received({ data: message.data, ports: way.take(message.ports) });
  else way.arrived(message);
});
// It never outlives the main process.
process.on('disconnect', () => process.exit(0));
