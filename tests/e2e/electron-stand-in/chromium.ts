/**
 * Chromium as a child process, without a screen. It is driven over a pipe, so it ends when this process ends, however that
 * is; and it is open to the test on a debugging port.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { Protocol } from 'devtools-protocol';

export type Command = keyof Protocol.CommandParameters;
export type Parameters<Name extends Command> = Protocol.CommandParameters[Name];
export type Result<Name extends Command> = Protocol.CommandReturnValues[Name];
export type EventName = keyof Protocol.Events;

/** What comes through the pipe: an event, or the end of a command. */
type Message =
  | { readonly method: EventName; readonly params: unknown; readonly sessionId?: string }
  | { readonly id: number; readonly result: unknown; readonly error?: { readonly message: string } };

const SWITCHES = [
  '--headless',
  '--no-startup-window',
  '--no-first-run',
  '--no-default-browser-check',
  // Test machines have neither user namespaces nor a large /dev/shm.
  '--no-sandbox',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--disable-background-timer-throttling',
  '--disable-popup-blocking',
  // Electron's message ports have this event, the web's have it behind a switch.
  '--enable-blink-features=MessagePortCloseEvent',
  '--remote-debugging-pipe',
  '--remote-debugging-port=0',
];

interface Waiting {
  readonly command: Command;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

export class Chromium {
  readonly #events = new EventEmitter();
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #endpoint = '';
  #last = 0;

  static async launch(program: string, profile: string): Promise<Chromium> {
    const chromium = new Chromium(program, profile);
    chromium.#endpoint = await chromium.#listening();
    return chromium;
  }

  private constructor(program: string, profile: string) {
    this.#child = spawn(program, [...SWITCHES, `--user-data-dir=${profile}`], {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    });
    let rest = '';
    this.#output.setEncoding('utf8').on('data', (text: string) => {
      const messages = (rest + text).split('\0');
      rest = messages.pop() ?? '';
      for (const message of messages) this.#received(JSON.parse(message));
    });
    // A pipe that breaks is told by the end of the process.
    this.#input.on('error', () => {});
    this.#child.on('exit', () => {
      for (const { command, reject } of this.#waiting.values())
        reject(new Error(`${command}: Chromium has ended.`));
      this.#waiting.clear();
    });
  }

  /** Where the DevTools protocol can be spoken from outside. */
  get endpoint(): string {
    return this.#endpoint;
  }

  /** @param session of a page; without it, the browser itself is asked */
  send<Name extends Command>(
    command: Name,
    parameters?: Parameters<Name>,
    session?: string,
  ): Promise<Result<Name>> {
    const { promise, resolve, reject } = Promise.withResolvers<Result<Name>>();
    const id = ++this.#last;
    this.#waiting.set(id, { command, resolve: (result) => resolve(result as Result<Name>), reject });
    const message = { id, method: command, params: parameters ?? {}, sessionId: session };
    this.#input.write(`${JSON.stringify(message)}\0`);
    return promise;
  }

  /** @param session of a page; without it, the browser's own events */
  on<Name extends EventName>(
    name: Name,
    listener: (details: Protocol.Events[Name]) => void,
    session = '',
  ): void {
    this.#events.on(`${session} ${name}`, listener);
  }

  onExit(listener: () => void): void {
    this.#child.once('exit', listener);
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  get #input(): Writable {
    return this.#child.stdio[3] as Writable;
  }

  get #output(): Readable {
    return this.#child.stdio[4] as Readable;
  }

  #received(message: Message): void {
    if ('method' in message) {
      this.#events.emit(`${message.sessionId ?? ''} ${message.method}`, message.params);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.error) waiting?.reject(new Error(`${waiting.command}: ${message.error.message}`));
    else waiting?.resolve(message.result);
  }

  #listening(): Promise<string> {
    return new Promise((resolve, reject) => {
      let log = '';
      this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        log = (log + text).slice(-4_000);
        const [, endpoint] = /DevTools listening on (ws:\S+)/.exec(log) ?? [];
        if (endpoint) resolve(endpoint);
      });
      this.#child.on('error', reject);
      this.#child.on('exit', (code) => reject(new Error(`Chromium ended with code ${code}.\n${log}`)));
    });
  }
}
