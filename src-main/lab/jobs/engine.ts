/** An engine process as whoever starts it gives it to the lab: a forked Node process, or Electron's utility process. */
import type { ToEngine } from './job.ts';

export interface Engine {
  /** For people who look into the log, such as "pid 4711". */
  readonly name: string;
  send(message: ToEngine): void;
  onMessage(listener: (message: unknown) => void): void;
  onExit(listener: (code: number | null, signal: string | null) => void): void;
  kill(): void;
}

export type StartEngine = () => Engine;

/** With variables beside those of the lab's own process. */
export type StartEngineWith = (environment: Readonly<Record<string, string>>) => Engine;
