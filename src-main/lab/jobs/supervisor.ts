/**
 * Gives jobs to engine processes by their lanes (job.ts). Training and writing need the whole machine: one at a time,
 * training first, as soon as the text under way is written. Who writes stays for a while, because its model is loaded, and
 * goes when training begins or nobody asks; every other job has a process of its own, whose end gives all memory back.
 */
import { LabError } from '../../engine/errors.ts';
import { Changes } from '../changes.ts';
import type { StartEngine } from './engine.ts';
import { type Job, type JobEvent, LANES, type Lane, type Wish } from './job.ts';
import { cancelled, Worker } from './worker.ts';

export interface JobListener {
  /** Stops the job. */
  readonly signal?: AbortSignal;
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
  /** Of a training run that has begun. */
  wish(wish: Wish): void;
  status(): JobStatus;
}

export interface JobStatus {
  readonly id: number;
  readonly kind: Job['kind'];
  readonly state: 'waiting' | 'running';
  /** Resident memory of its process. */
  readonly memoryBytes: number | null;
  readonly peakMemoryBytes: number | null;
  /** Nothing was heard of its process for a while: it computes something long, or hangs. */
  readonly silent: boolean;
}

/** How long who writes stays without work. */
const IDLE_MILLISECONDS = 5 * 60_000;
/** A process that has become silent does not say so: it must be looked for. */
const LOOK_MILLISECONDS = 5_000;

export interface SupervisorOptions {
  readonly idleMilliseconds?: number;
  /** The job as engines are to do it. */
  readonly prepare?: (job: Job) => Job;
}

export class Supervisor {
  readonly #startEngine: StartEngine;
  readonly #idleMilliseconds: number;
  readonly #prepare: (job: Job) => Job;
  readonly #changes = new Changes();
  #jobs: Submission[] = [];
  #nextId = 1;
  #closed = false;
  /** The process that writes, with its model; perhaps idle. */
  #writer: Worker | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  readonly #lookTimer: NodeJS.Timeout;

  constructor(
    startEngine: StartEngine,
    { idleMilliseconds = IDLE_MILLISECONDS, prepare = (job) => job }: SupervisorOptions = {},
  ) {
    this.#startEngine = startEngine;
    this.#idleMilliseconds = idleMilliseconds;
    this.#prepare = prepare;
    this.#lookTimer = setInterval(() => {
      if (this.#jobs.some((job) => job.status().silent)) this.#changes.tell();
    }, LOOK_MILLISECONDS).unref();
  }

  submit(job: Job, listener: JobListener = {}): SubmittedJob {
    if (this.#closed) throw new LabError('cancelled', 'The lab is being closed.');
    const submission = new Submission(this.#nextId++, this.#prepare(job), listener);
    this.#jobs.push(submission);
    const leave = () => {
      this.#jobs = this.#jobs.filter((other) => other !== submission);
      this.#next();
      this.#changes.tell();
    };
    const { signal } = listener;
    const stop = () => submission.stop();
    signal?.addEventListener('abort', stop);
    submission.done.then(leave, leave).finally(() => signal?.removeEventListener('abort', stop));
    if (signal?.aborted) stop();
    this.#next();
    this.#changes.tell();
    return submission;
  }

  /** Jobs that wait or run, in the order in which they came. */
  status(): JobStatus[] {
    return this.#jobs.map((job) => job.status());
  }

  subscribe(listener: () => void): () => void {
    return this.#changes.subscribe(listener);
  }

  /** Stops all jobs and waits until all processes have ended. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#lookTimer);
    const jobs = [...this.#jobs];
    for (const job of jobs) job.stop();
    await Promise.allSettled(jobs.map(({ done }) => done));
    await this.#dismissWriter();
  }

  /** No process that waits for work holds files of a model open any more: some systems do not remove such files. */
  async releaseFiles(): Promise<void> {
    if (!this.#jobs.some((job) => job.lane === 'writing' && job.isRunning)) await this.#dismissWriter();
  }

  /** Starts whatever may start now. */
  #next(): void {
    const waiting = (lane: Lane) => this.#jobs.filter((job) => job.lane === lane && job.isWaiting);
    for (const job of waiting('aside')) job.perform(() => this.#alone(job));
    if (this.#jobs.some((job) => job.lane !== 'aside' && job.isRunning)) return;
    const [training] = waiting('training');
    const [writing] = waiting('writing');
    if (training) training.perform(() => this.#train(training));
    else if (writing) writing.perform(() => this.#write(writing));
  }

  async #train(job: Submission): Promise<unknown> {
    if (this.#writer) await this.#dismissWriter();
    return this.#alone(job);
  }

  /** The result counts once the process is gone: then its memory is free for the next. */
  async #alone(job: Submission): Promise<unknown> {
    const worker = this.#startWorker();
    try {
      return await job.runOn(worker);
    } finally {
      await worker.end();
    }
  }

  async #write(job: Submission): Promise<unknown> {
    clearTimeout(this.#idleTimer);
    this.#writer ??= this.#startWriter();
    try {
      return await job.runOn(this.#writer);
    } finally {
      this.#idleTimer = setTimeout(() => void this.#dismissWriter(), this.#idleMilliseconds).unref();
    }
  }

  #startWriter(): Worker {
    const worker = this.#startWorker();
    void worker.gone.then(() => {
      if (this.#writer === worker) this.#writer = undefined;
    });
    return worker;
  }

  #startWorker(): Worker {
    return new Worker(this.#startEngine(), () => this.#changes.tell());
  }

  async #dismissWriter(): Promise<void> {
    clearTimeout(this.#idleTimer);
    const worker = this.#writer;
    this.#writer = undefined;
    await worker?.end();
  }
}

/** A job on its way: it waits, runs, and is over when `done` is settled. */
class Submission implements SubmittedJob {
  readonly id: number;
  readonly lane: Lane;
  readonly #job: Job;
  readonly #listener: JobListener;
  readonly #outcome = Promise.withResolvers<unknown>();
  #state: 'waiting' | 'running' | 'over' = 'waiting';
  #stopping = false;
  #worker: Worker | undefined;

  constructor(id: number, job: Job, listener: JobListener) {
    this.id = id;
    this.lane = LANES[job.kind];
    this.#job = job;
    this.#listener = listener;
  }

  get done(): Promise<unknown> {
    return this.#outcome.promise;
  }

  get isWaiting(): boolean {
    return this.#state === 'waiting';
  }

  get isRunning(): boolean {
    return this.#state === 'running';
  }

  status(): JobStatus {
    return {
      id: this.id,
      kind: this.#job.kind,
      state: this.#worker === undefined ? 'waiting' : 'running',
      memoryBytes: this.#worker?.memoryBytes ?? null,
      peakMemoryBytes: this.#worker?.peakMemoryBytes ?? null,
      silent: this.#worker?.isSilent ?? false,
    };
  }

  /** The job's turn: from now on it takes its lane, until all of the work is over. */
  perform(work: () => Promise<unknown>): void {
    this.#state = 'running';
    const { resolve, reject } = this.#outcome;
    work()
      .finally(() => {
        this.#state = 'over';
      })
      .then(resolve, reject);
  }

  async runOn(worker: Worker): Promise<unknown> {
    if (this.#stopping) throw cancelled();
    this.#worker = worker;
    // First: where whoever listens cannot take it in, nothing is begun.
    this.#listener.onStart?.(worker.name);
    return worker.run(this.#job, (event) => this.#listener.onEvent?.(event));
  }

  wish(wish: Wish): void {
    this.#worker?.wish(wish);
  }

  stop(): void {
    this.#stopping = true;
    if (this.#state === 'running') this.#worker?.stop();
    else if (this.#state === 'waiting') {
      this.#state = 'over';
      this.#outcome.reject(cancelled());
    }
  }
}
