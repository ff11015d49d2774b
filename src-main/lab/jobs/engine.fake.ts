/** For tests: an engine that does with a job what the test says. */
import type { Engine } from './engine.ts';
import type { FromEngine, ToEngine } from './job.ts';

export class ScriptedEngine implements Engine {
  readonly name = 'scripted';
  readonly #play: (engine: ScriptedEngine, message: ToEngine) => void;
  tell: (message: FromEngine) => void = () => {};
  exit: (code: number | null, signal: string | null) => void = () => {};

  constructor(play: (engine: ScriptedEngine, message: ToEngine) => void) {
    this.#play = play;
  }

  send(message: ToEngine): void {
    queueMicrotask(() => (message.kind === 'end' ? this.exit(0, null) : this.#play(this, message)));
  }
  onMessage(listener: (message: unknown) => void): void {
    this.tell = listener;
  }
  onExit(listener: (code: number | null, signal: string | null) => void): void {
    this.exit = listener;
  }
  kill(): void {
    this.exit(null, 'SIGKILL');
  }
}
