/** The test's side: starts a built app on the stand-in, scripts what a person does outside its page, reads what it asks. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Call, FromApp, ToApp } from './messages.ts';

export interface StartOptions {
  /** The built main process. */
  readonly entry: string;
  /** Where package.json lies. */
  readonly appFolder: string;
  /** Further environment of the app. */
  readonly environment: Readonly<Record<string, string>>;
  readonly chromium: string;
  /** Where the files lie that are dropped on the page. */
  readonly droppedFrom?: string;
}

const PATIENCE_MILLISECONDS = 20_000;

export class StandInApp {
  /** Where a browser driver connects. */
  readonly endpoint: Promise<string>;
  readonly exited: Promise<number | null>;
  /** What the app has asked of the desktop, in order. */
  readonly calls: Call[] = [];
  readonly #process: ChildProcess;
  readonly #listeners = new Set<() => void>();
  #output = '';

  constructor({ entry, appFolder, environment, chromium, droppedFrom = '' }: StartOptions) {
    const register = new URL('./register.ts', import.meta.url).href;
    this.#process = spawn(process.execPath, ['--import', register, entry], {
      env: {
        ...process.env,
        ...environment,
        STANDIN_APP_FOLDER: appFolder,
        STANDIN_CHROMIUM: chromium,
        STANDIN_DROPPED_FROM: droppedFrom,
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
      });
    }
    this.exited = new Promise((resolve) => this.#process.on('close', resolve));
    this.endpoint = new Promise((resolve, reject) => {
      this.#process.on('message', (message: FromApp) => {
        if (message.kind === 'ready') return resolve(message.endpoint);
        this.calls.push(message.call);
        for (const listener of this.#listeners) listener();
      });
      void this.exited.then((code) => reject(new Error(`The app ended with code ${code}.\n${this.#output}`)));
    });
    // A second instance never becomes ready; who waits for it hears of it all the same.
    this.endpoint.catch(() => {});
  }

  get pid(): number {
    return this.#process.pid ?? Number.NaN;
  }

  /** What its processes have written. */
  get output(): string {
    return this.#output;
  }

  details(name: string): unknown[] {
    return this.calls.filter((call) => call.name === name).map(({ detail }) => detail);
  }

  /** @returns the detail of the first call of this name that passes, as soon as there is one */
  async called(name: string, passes: (detail: unknown) => boolean = () => true): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const look = () => {
      const found = this.calls.find((call) => call.name === name && passes(call.detail));
      if (found) resolve(found.detail);
    };
    const patience = setTimeout(
      () => reject(new Error(`The app has not called ${name}.\n${this.#output}`)),
      PATIENCE_MILLISECONDS,
    );
    this.#listeners.add(look);
    look();
    return promise.finally(() => {
      clearTimeout(patience);
      this.#listeners.delete(look);
    });
  }

  tell(message: ToApp): void {
    this.#process.send(message);
  }

  async quit(): Promise<number | null> {
    if (this.#process.connected) this.tell({ kind: 'quit' });
    return this.exited;
  }

  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.exited;
  }
}
