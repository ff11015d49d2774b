/**
 * Gives jobs to engine processes, one at a time, training before writing; looking at a text takes little and waits for none.
 * Whatever happens to a process (an abort in native code, no memory, a kill) becomes an error of its job; the lab goes on.
 */
import { LabError } from '../../engine/errors.ts';
import { type FromEngine, fromEngineSchema, type Job, type JobEvent, type ToEngine } from './job.ts';

/** A process that was started for one job. */
export interface Engine {
  /** For people who look into the log, such as "pid 4711". */
  readonly name: string;
  send(message: ToEngine): void;
  onMessage(listener: (message: unknown) => void): void;
  onExit(listener: (code: number | null, signal: string | null) => void): void;
  kill(): void;
}

export type StartEngine = () => Engine;

export interface JobListener {
  /** The job's turn has come. */
  readonly onStart?: (engine: string) => void;
  readonly onEvent?: (event: JobEvent) => void;
}

export interface SubmittedJob {
  readonly id: number;
  /** The job's result, or LabError: its own, 'cancelled', or 'engine-lost'. */
  readonly done: Promise<unknown>;
  /** Training keeps a checkpoint first. */
  stop(): void;
}

export interface JobStatus {
  readonly id: number;
  readonly kind: Job['kind'];
  readonly state: 'waiting' | 'running';
  /** Resident memory of its process. */
  readonly memoryBytes: number | null;
  /** Nothing was heard of its process for a while: it computes something long, or hangs. */
  readonly silent: boolean;
}

/** After being asked to stop, a process has so long to write a checkpoint. */
const STOP_MILLISECONDS = 60_000;
const SILENT_MILLISECONDS = 15_000;

export class Supervisor {
  readonly #startEngine: StartEngine;
  readonly #listeners = new Set<() => void>();
  #jobs: Submission[] = [];
  #nextId = 1;
  #closed = false;

  constructor(startEngine: StartEngine) {
    this.#startEngine = startEngine;
  }

  submit(job: Job, listener: JobListener = {}): SubmittedJob {
    if (this.#closed) throw new LabError('cancelled', 'The lab is being closed.');
    const submission = new Submission(this.#nextId++, job, listener, this.#startEngine, () =>
      this.#changed(),
    );
    this.#jobs.push(submission);
    void submission.done
      .catch(() => {})
      .then(() => {
        this.#jobs = this.#jobs.filter((other) => other !== submission);
        this.#next();
        this.#changed();
      });
    if (job.kind === 'preview') submission.start();
    else this.#next();
    this.#changed();
    return submission;
  }

  /** Jobs that wait or run, in the order in which they come. */
  status(): JobStatus[] {
    return this.#jobs.map((job) => job.status());
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Stops all jobs and waits until their processes have ended. */
  async close(): Promise<void> {
    this.#closed = true;
    const jobs = [...this.#jobs];
    for (const job of jobs) job.stop();
    await Promise.allSettled(jobs.map(({ done }) => done));
  }

  #next(): void {
    const inTurn = this.#jobs.filter(({ job, hasEnded }) => job.kind !== 'preview' && !hasEnded);
    if (inTurn.some(({ isRunning }) => isRunning)) return;
    const next = inTurn.find(({ job }) => job.kind === 'hyperfit') ?? inTurn[0];
    next?.start();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

class Submission implements SubmittedJob {
  readonly id: number;
  readonly job: Job;
  readonly done: Promise<unknown>;
  readonly #listener: JobListener;
  readonly #startEngine: StartEngine;
  readonly #onChange: () => void;
  readonly #settle: PromiseWithResolvers<unknown>;
  #engine: Engine | undefined;
  #ended = false;
  #stopping = false;
  #memoryBytes: number | null = null;
  #lastHeard = 0;
  #killTimer: NodeJS.Timeout | undefined;

  constructor(id: number, job: Job, listener: JobListener, startEngine: StartEngine, onChange: () => void) {
    this.id = id;
    this.job = job;
    this.#listener = listener;
    this.#startEngine = startEngine;
    this.#onChange = onChange;
    this.#settle = Promise.withResolvers();
    this.done = this.#settle.promise;
  }

  get isRunning(): boolean {
    return this.#engine !== undefined && !this.#ended;
  }

  get hasEnded(): boolean {
    return this.#ended;
  }

  status(): JobStatus {
    const heardFor = performance.now() - this.#lastHeard;
    return {
      id: this.id,
      kind: this.job.kind,
      state: this.#engine === undefined ? 'waiting' : 'running',
      memoryBytes: this.#memoryBytes,
      silent: this.isRunning && heardFor > SILENT_MILLISECONDS,
    };
  }

  start(): void {
    const engine = this.#startEngine();
    this.#engine = engine;
    this.#lastHeard = performance.now();
    let outcome: Extract<FromEngine, { kind: 'done' | 'failed' }> | undefined;
    engine.onMessage((raw) => {
      const message = fromEngineSchema.parse(raw);
      this.#lastHeard = performance.now();
      if (message.kind === 'done' || message.kind === 'failed') outcome = message;
      else this.#hear(message);
    });
    // The result counts once the process is gone: then its memory is free for the next.
    engine.onExit((code, signal) => {
      const last = outcome;
      if (last?.kind === 'done') this.#end(() => this.#settle.resolve(last.result));
      else if (last) this.#fail(rebuilt(last.error));
      else if (this.#stopping) this.#fail(cancelled());
      else this.#fail(lost(code, signal));
    });
    engine.send({ kind: 'start', job: this.job });
    this.#listener.onStart?.(engine.name);
  }

  stop(): void {
    if (this.#stopping || this.#ended) return;
    this.#stopping = true;
    const engine = this.#engine;
    if (engine === undefined) {
      this.#fail(cancelled());
      return;
    }
    engine.send({ kind: 'stop' });
    this.#killTimer = setTimeout(() => engine.kill(), STOP_MILLISECONDS);
    this.#killTimer.unref();
  }

  #hear(message: Exclude<FromEngine, { kind: 'done' | 'failed' }>): void {
    if (message.kind === 'event') this.#listener.onEvent?.(message.event);
    if (message.kind === 'alive') {
      this.#memoryBytes = message.memoryBytes;
      this.#onChange();
    }
  }

  #fail(error: LabError): void {
    this.#end(() => this.#settle.reject(error));
  }

  #end(settle: () => void): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#killTimer);
    settle();
  }
}

function rebuilt({ code, message, data }: Extract<FromEngine, { kind: 'failed' }>['error']): LabError {
  return new LabError(code as LabError['code'], message, data);
}

function cancelled(): LabError {
  return new LabError('cancelled', 'It was stopped.');
}

/** Why a process ended without a word, as far as the system tells. */
function lost(code: number | null, signal: string | null): LabError {
  const reason =
    signal === 'SIGKILL'
      ? 'it was ended from outside, perhaps by the system because memory ran out'
      : signal === 'SIGABRT' || signal === 'SIGSEGV' || signal === 'SIGILL'
        ? `the computing library failed (${signal})`
        : `it ended with ${signal ?? `code ${code}`}`;
  return new LabError(
    'engine-lost',
    `The process that computed is gone: ${reason}. What it kept is safe, and a run can go on from there.`,
    { code, signal },
  );
}
