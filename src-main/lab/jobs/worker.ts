/**
 * An engine process at work, one job after the other. Whatever happens to it (an abort in native code, no memory, a kill)
 * becomes an error of the job that it did; it then takes no other.
 */
import { LabError } from '../../engine/errors.ts';
import type { Engine } from './engine.ts';
import { fromEngineSchema, type Job, type JobEvent, LANES, type Wish } from './job.ts';
import { lostEngine, memoryKills } from './lost-engine.ts';

/** After being asked to stop, training has so long to write a checkpoint. */
const CHECKPOINT_MILLISECONDS = 60_000;
/** All else, and a process that is to end, has nothing to keep. */
const STOP_MILLISECONDS = 10_000;
const SILENT_MILLISECONDS = 15_000;

interface Task {
  readonly job: Job;
  readonly onEvent: (event: JobEvent) => void;
  readonly outcome: PromiseWithResolvers<unknown>;
  stopping: boolean;
  /** Why it was stopped, where nobody asked for that. */
  failure: unknown;
}

export class Worker {
  /** The process has ended, and its memory is free. */
  readonly gone: Promise<void>;
  readonly #engine: Engine;
  readonly #onAlive: () => void;
  #task: Task | undefined;
  #memoryBytes: number | null = null;
  #peakMemoryBytes: number | null = null;
  #lastHeard = performance.now();
  #killTimer: NodeJS.Timeout | undefined;

  /** @param onAlive called when the process tells of itself, about every second */
  constructor(engine: Engine, onAlive: () => void) {
    this.#engine = engine;
    this.#onAlive = onAlive;
    engine.onMessage((raw) => {
      try {
        this.#receive(raw);
      } catch (error) {
        // Whoever listens cannot take it in, such as where the disk is full: that ends this job, and not the lab.
        this.#fail(error);
      }
    });
    const killsBefore = memoryKills();
    this.gone = new Promise((resolve) => {
      engine.onExit((code, signal) => {
        clearTimeout(this.#killTimer);
        this.#settle(({ reject }, { stopping }) =>
          reject(stopping ? cancelled() : lostEngine(code, signal, killsBefore, memoryKills())),
        );
        resolve();
      });
    });
  }

  get name(): string {
    return this.#engine.name;
  }

  /** Resident memory of the process; null before it has told. */
  get memoryBytes(): number | null {
    return this.#memoryBytes;
  }

  /** The most that it ever was. */
  get peakMemoryBytes(): number | null {
    return this.#peakMemoryBytes;
  }

  /** Nothing was heard of the process for a while: it computes something long, or hangs. */
  get isSilent(): boolean {
    return performance.now() - this.#lastHeard > SILENT_MILLISECONDS;
  }

  /** One at a time. The job's result, or LabError: its own, 'cancelled', or 'engine-lost'. */
  run(job: Job, onEvent: (event: JobEvent) => void): Promise<unknown> {
    this.#task = { job, onEvent, outcome: Promise.withResolvers(), stopping: false, failure: undefined };
    this.#lastHeard = performance.now();
    this.#engine.send({ kind: 'start', job });
    return this.#task.outcome.promise;
  }

  /** Training keeps a checkpoint first. */
  stop(): void {
    if (this.#task === undefined || this.#task.stopping) return;
    this.#task.stopping = true;
    this.#engine.send({ kind: 'stop' });
    const isTraining = LANES[this.#task.job.kind] === 'training';
    this.#killAfter(isTraining ? CHECKPOINT_MILLISECONDS : STOP_MILLISECONDS);
  }

  /** Only a training run hears it. */
  wish(wish: Wish): void {
    this.#engine.send({ kind: 'wish', wish });
  }

  /** Sends an idle process home, and waits until it is gone. */
  end(): Promise<void> {
    this.#engine.send({ kind: 'end' });
    this.#killAfter(STOP_MILLISECONDS);
    return this.gone;
  }

  #receive(raw: unknown): void {
    const message = fromEngineSchema.parse(raw);
    this.#lastHeard = performance.now();
    if (message.kind === 'alive') {
      this.#memoryBytes = message.memoryBytes;
      this.#peakMemoryBytes = message.peakMemoryBytes;
      this.#onAlive();
    } else if (message.kind === 'event') {
      this.#task?.onEvent(message.event);
    } else if (message.kind === 'done') {
      this.#settle(({ resolve }) => resolve(message.result));
    } else if (message.kind === 'failed') {
      const { code, message: text, data } = message.error;
      this.#settle(({ reject }) => reject(new LabError(code as LabError['code'], text, data)));
    }
  }

  #fail(error: unknown): void {
    if (this.#task === undefined) return;
    this.#task.failure ??= error;
    this.stop();
  }

  #settle(how: (outcome: Task['outcome'], task: Task) => void): void {
    const task = this.#task;
    if (task === undefined) return;
    this.#task = undefined;
    clearTimeout(this.#killTimer);
    if (task.failure === undefined) how(task.outcome, task);
    else task.outcome.reject(task.failure);
  }

  #killAfter(milliseconds: number): void {
    clearTimeout(this.#killTimer);
    this.#killTimer = setTimeout(() => this.#engine.kill(), milliseconds);
    this.#killTimer.unref();
  }
}

export function cancelled(): LabError {
  return new LabError('cancelled', 'It was stopped.');
}
