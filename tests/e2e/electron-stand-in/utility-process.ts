/** utilityProcess: a Node process with `process.parentPort`, whose messages may hand ports over. */
import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import os from 'node:os';
import { type MessagePortMain, type PortMessage, Way } from './ports.ts';
import { preventable, strictly } from './represented.ts';
import { happenings } from './runtime.ts';
import { record } from './test-line.ts';

/** What goes through the channel to a utility process. */
export type UtilityMessage =
  | PortMessage
  | { readonly kind: 'message'; readonly data: unknown; readonly ports: readonly string[] };

class WayToChild extends Way {
  readonly #child: ChildProcess;

  constructor(child: ChildProcess) {
    super('main-');
    this.#child = child;
  }

  carry(message: UtilityMessage): void {
    if (this.#child.connected) this.#child.send(message);
  }
}

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

class UtilityProcess extends EventEmitter {
  pid: number | undefined;
  readonly #child: ChildProcess;
  readonly #way: WayToChild;

  constructor(file: string, words: readonly string[], options: Electron.ForkOptions) {
    super();
    if (options.stdio && options.stdio !== 'inherit')
      throw new Error('The Electron stand-in does not represent utility processes whose output is piped.');
    this.#child = fork(file, words, {
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...(options.env ?? process.env), STANDIN_ROLE: 'utility' },
      execArgv: ['--import', new URL('./register.ts', import.meta.url).href, ...(options.execArgv ?? [])],
      ...(options.cwd && { cwd: options.cwd }),
    });
    this.#way = new WayToChild(this.#child);
    running.add(this.#child);
    this.#child.on('spawn', () => {
      this.pid = this.#child.pid;
      record('utilityProcess.fork', { pid: this.pid, file, serviceName: options.serviceName });
      this.emit('spawn');
    });
    this.#child.on('message', (message: UtilityMessage) => {
      if (message.kind === 'message') this.emit('message', message.data);
      else this.#way.arrived(message);
    });
    this.#child.on('exit', (code, signal) => this.#ended(code, signal, options.serviceName));
  }

  postMessage(data: unknown, transfer: readonly MessagePortMain[] = []): void {
    this.#way.carry({ kind: 'message', data, ports: this.#way.give(transfer) });
  }

  kill(): boolean {
    return this.#child.kill('SIGTERM');
  }

  #ended(code: number | null, signal: NodeJS.Signals | null, name = 'Node Utility Process'): void {
    running.delete(this.#child);
    this.pid = undefined;
    this.#way.end();
    // Electron tells what waitpid tells: of a signal, its number.
    const exitCode = code ?? (signal ? os.constants.signals[signal] : 0);
    if (exitCode !== 0) {
      const reason = signal ? 'killed' : 'abnormal-exit';
      happenings.emit('child-process-gone', preventable(), { type: 'Utility', reason, exitCode, name });
    }
    this.emit('exit', exitCode);
  }
}
strictly('UtilityProcess', UtilityProcess.prototype);

export const utilityProcess = strictly('utilityProcess', {
  fork: (file: string, words: string[] = [], options: Electron.ForkOptions = {}) =>
    new UtilityProcess(file, words, options),
});
