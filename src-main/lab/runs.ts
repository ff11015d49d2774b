/**
 * Runs as the lab's windows see them: started, paused, gone on with, followed. What an engine process tells is written to
 * the store in groups, and followers read the store: so every window sees the same, and a window that comes later misses
 * nothing. The run's folder is the truth; at the lab's start, what the store has missed is read from there.
 */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { toWireError, type WireError, wireErrorSchema } from '../../src-preload/contract/errors.ts';
import type { Epoch, Run, RunRequest, RunState, Step } from '../../src-preload/contract/shapes.ts';
import { runRequestSchema } from '../../src-preload/contract/shapes.ts';
import { LabError } from '../engine/errors.ts';
import type { EpochRecord, StepRecord } from '../engine/training/records.ts';
import { RunFolder } from '../engine/training/run-folder.ts';
import type { RunStore, StoredRun } from '../store/run-store.ts';
import { Changes } from './changes.ts';
import type { JobEvent } from './jobs/job.ts';
import type { SubmittedJob, Supervisor } from './jobs/supervisor.ts';

/** Steps are written to the store, and shown, so often. */
const FLUSH_MILLISECONDS = 200;
/** Of one packet to a follower. */
const STEPS_TOGETHER = 2_000;

interface ActiveRun {
  job: SubmittedJob | undefined;
  attempt: number | undefined;
  steps: StepRecord[];
  epochs: EpochRecord[];
  flush: NodeJS.Timeout | undefined;
}

export class Runs {
  readonly changes = new Changes();
  readonly #store: RunStore;
  readonly #supervisor: Supervisor;
  readonly #folder: string;
  readonly #active = new Map<number, ActiveRun>();

  /** @param folder for the folders of new runs */
  constructor(store: RunStore, supervisor: Supervisor, folder: string) {
    this.#store = store;
    this.#supervisor = supervisor;
    this.#folder = folder;
  }

  /** Once, before anything runs: what was cut off with the last lab is marked so, and its numbers are read again. */
  async recover(): Promise<void> {
    const cutOff = this.#store.list().filter(({ id }) => this.#store.attempts(id).at(-1)?.ended === null);
    this.#store.endAllOpenAttempts({
      code: 'interrupted',
      message: 'The lab ended while it was training. The run can go on from its last checkpoint.',
      data: {},
    });
    for (const { id, folder } of cutOff) {
      const opened = await RunFolder.open(folder).catch(() => undefined);
      if (opened) this.#store.record(id, await opened.readSteps(), await opened.readEpochs());
    }
  }

  list(): Run[] {
    return this.#store.list().map((stored) => this.#describe(stored));
  }

  start(request: RunRequest): number {
    const created = new Date().toISOString();
    const folder = path.join(this.#folder, `${created.replaceAll(/[:.]/g, '-')}-${slug(request.name)}`);
    const { name, modelFolder, dataFile } = request;
    const run = this.#store.add({ folder, name, modelFolder, dataFile, request, created });
    this.#submit(run, false);
    return run;
  }

  async pause(run: number): Promise<void> {
    const job = this.#active.get(run)?.job;
    if (job === undefined) throw new LabError('bad-argument', 'This run is not being computed.', { run });
    job.stop();
    await job.done.catch(() => {});
  }

  async resume(run: number): Promise<void> {
    const { folder } = this.#find(run);
    if (this.#active.has(run)) return;
    // A run that never came to make its folder begins anew.
    const opened = await RunFolder.open(folder);
    if (opened) {
      const { step, epoch } = (await opened.lastCheckpoint()) ?? { step: 0, epoch: -1 };
      this.#store.rewind(run, step, epoch);
    }
    this.#submit(run, opened !== undefined);
  }

  async remove(run: number): Promise<void> {
    const { folder } = this.#find(run);
    if (this.#active.has(run)) await this.pause(run);
    this.#store.remove(run);
    await rm(folder, { recursive: true, force: true });
    this.changes.tell();
  }

  /** All numbers after a point, then those that come, until the signal. */
  async *follow(
    run: number,
    after: { step: number; epoch: number },
    signal: AbortSignal,
  ): AsyncGenerator<{ steps: Step[]; epochs: Epoch[] }> {
    this.#find(run);
    let { step, epoch } = after;
    for (;;) {
      const next = this.changes.next(signal);
      let steps: Step[];
      do {
        steps = this.#store.steps(run, step, STEPS_TOGETHER);
        const epochs = this.#store.epochs(run, epoch);
        if (steps.length + epochs.length > 0) yield { steps, epochs };
        step = steps.at(-1)?.step ?? step;
        epoch = epochs.at(-1)?.epoch ?? epoch;
      } while (steps.length === STEPS_TOGETHER);
      await next;
      if (signal.aborted) return;
    }
  }

  /** The adapter or model folder that a finished run has made. */
  result(run: number): { readonly adapter?: string; readonly model?: string } {
    const stored = this.#find(run);
    const { recipe } = runRequestSchema.parse(stored.request);
    if (this.#describe(stored).state !== 'finished')
      throw new LabError('bad-argument', `The run "${stored.name}" is not finished: it has no result yet.`, {
        run,
      });
    return recipe.scope === 'full'
      ? { model: path.join(stored.folder, 'model') }
      : { adapter: path.join(stored.folder, 'adapter') };
  }

  #submit(run: number, resume: boolean): void {
    const { folder, request } = this.#find(run);
    const { modelFolder, dataFile, recipe, recipeName } = runRequestSchema.parse(request);
    const active: ActiveRun = { job: undefined, attempt: undefined, steps: [], epochs: [], flush: undefined };
    this.#active.set(run, active);
    const job = { kind: 'hyperfit', model: modelFolder, data: dataFile, out: folder } as const;
    active.job = this.#supervisor.submit(
      { ...job, recipe, recipeName, runtime: 'cpu', resume },
      {
        onStart: (engine) => {
          active.attempt = this.#store.beginAttempt(run, engine);
          this.changes.tell();
        },
        onEvent: (event) => this.#hear(run, event),
      },
    );
    active.job.done.then(
      () => this.#end(run, 'finished'),
      (error: unknown) => this.#end(run, outcomeOf(error), error),
    );
    this.changes.tell();
  }

  #hear(run: number, event: JobEvent): void {
    const active = this.#active.get(run);
    if (active === undefined) return;
    if (event.kind === 'step') active.steps.push(event.record);
    if (event.kind === 'epoch') active.epochs.push(event.record);
    active.flush ??= setTimeout(() => this.#flush(run), FLUSH_MILLISECONDS);
  }

  #flush(run: number): void {
    const active = this.#active.get(run);
    if (active === undefined) return;
    clearTimeout(active.flush);
    active.flush = undefined;
    this.#store.record(run, active.steps.splice(0), active.epochs.splice(0));
    this.changes.tell();
  }

  #end(run: number, outcome: 'finished' | 'paused' | 'interrupted' | 'failed', error?: unknown): void {
    this.#flush(run);
    const attempt = this.#active.get(run)?.attempt;
    this.#active.delete(run);
    if (attempt !== undefined) {
      this.#store.endAttempt(attempt, outcome, error instanceof LabError ? toWireError(error) : undefined);
    }
    this.changes.tell();
  }

  #describe(stored: StoredRun): Run {
    const { id, created, folder, name } = stored;
    const last = this.#store.attempts(id).at(-1);
    const progress = this.#store.progress(id);
    return {
      ...runRequestSchema.parse(stored.request),
      ...{ id, created, folder, name },
      state: this.#stateOf(id, last?.outcome ?? null),
      error: this.#active.has(id) ? null : toError(last?.error),
      ...progress,
    };
  }

  #stateOf(run: number, outcome: Exclude<RunState, 'waiting' | 'running'> | null): RunState {
    const active = this.#active.get(run);
    if (active) return active.attempt === undefined ? 'waiting' : 'running';
    // Nothing was begun: the lab ended while it waited.
    return outcome ?? 'paused';
  }

  #find(run: number): StoredRun {
    const stored = this.#store.find(run);
    if (stored === undefined) throw new LabError('bad-argument', 'There is no such run any more.', { run });
    return stored;
  }
}

function outcomeOf(error: unknown): 'paused' | 'interrupted' | 'failed' {
  if (!(error instanceof LabError)) return 'failed';
  if (error.code === 'cancelled') return 'paused';
  return error.code === 'engine-lost' ? 'interrupted' : 'failed';
}

function toError(stored: unknown): WireError | null {
  return wireErrorSchema
    .nullable()
    .catch(null)
    .parse(stored ?? null);
}

/** Of a name, what is safe in the names of folders. */
function slug(name: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-');
  return plain.replaceAll(/^-+|-+$/g, '').slice(0, 40) || 'run';
}
