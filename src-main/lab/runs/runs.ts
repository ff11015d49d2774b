/**
 * Runs as the lab's windows see them: started, paused, gone on with, finished, followed. What an engine process tells goes to
 * the store (active-run.ts), and followers read the store: so every window sees the same, and a window that comes later
 * misses nothing. The run's folder is the truth; what the store has missed is read from there (run-recovery.ts).
 */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import {
  type Checkpoint,
  type RunNotes,
  type RunRequest,
  runRequestSchema,
  type runsContract,
  startedRunSchema,
} from '../../../src-preload/contract/endpoints/runs.ts';
import { toWireError } from '../../../src-preload/contract/errors.ts';
import type { Answers } from '../../../src-preload/contract/server.ts';
import { LabError } from '../../engine/errors.ts';
import type { CheckpointFiles } from '../../engine/training/checkpoints.ts';
import type { Predicted } from '../../engine/training/records.ts';
import type { RunStore, StoredRun } from '../../store/run-store.ts';
import { Changes, SpacedChanges } from '../changes.ts';
import type { Job } from '../jobs/job.ts';
import type { Supervisor } from '../jobs/supervisor.ts';
import type { TrainingComputing } from '../settings/computing.ts';
import { ActiveRun } from './active-run.ts';
import { followNumbers } from './follow-numbers.ts';
import { type Learned, learnedAtEnd, learnedAtStep, type Published, publishedSchema } from './learned.ts';
import { newRunFolder } from './run-folder.ts';
import { explain, interrupted, outcomeOf } from './run-outcome.ts';
import { catchUp, orphanGone, readResult, sweepCaches } from './run-recovery.ts';
import { RunSummaries } from './run-summaries.ts';
import { Settling } from './settling.ts';

/** Lists of runs are told of changes at most so often. */
const TELL_MILLISECONDS = 200;

export class Runs {
  readonly answers: Answers<typeof runsContract> = {
    runs: {
      read: () => this.#summaries.list(),
      subscribe: (listener) => this.#listChanges.subscribe(listener),
    },
    'runs.start': (request) => ({ run: this.#start(request) }),
    'runs.pause': ({ run }) => this.#pause(run),
    'runs.resume': ({ run }) => this.#resume(run),
    'runs.finish': ({ run }) => this.#finish(run),
    'runs.checkpoints': ({ run }) => this.#checkpoints(run),
    'runs.keepCheckpoint': ({ run }) => this.#keep(run),
    'runs.edit': ({ run, ...notes }) => this.#edit(run, notes),
    'runs.remove': ({ run }) => this.#remove(run),
    'runs.follow': ({ run, afterStep, afterEpoch }, signal) =>
      followNumbers(
        this.#store.numbers,
        this.#find(run).id,
        { step: afterStep, epoch: afterEpoch },
        this.#numberChanges,
        signal,
      ),
  };
  readonly #store: RunStore;
  readonly #supervisor: Supervisor;
  readonly #folder: string;
  readonly #computing: () => TrainingComputing;
  readonly #active = new Map<number, ActiveRun>();
  readonly #summaries: RunSummaries;
  readonly #settling = new Settling();
  readonly #closing = new AbortController();
  readonly #numberChanges = new Changes();
  readonly #listChanges = new SpacedChanges(TELL_MILLISECONDS);

  /**
   * @param folder for the folders of new runs
   * @param computing what they compute on
   */
  constructor(store: RunStore, supervisor: Supervisor, folder: string, computing: () => TrainingComputing) {
    this.#store = store;
    this.#supervisor = supervisor;
    this.#folder = folder;
    this.#summaries = new RunSummaries(store, this.#active);
    this.#computing = computing;
  }

  /** Once, before anything runs: what was cut off with the last lab is marked so, and its numbers are read again. */
  async recover(): Promise<void> {
    for (const stored of this.#store.list()) {
      const { id, folder, totalSteps } = stored;
      const last = this.#store.attempts(id).at(-1);
      if (last === undefined || last.ended !== null) continue;
      // What cannot be read in one run's folder does not keep the lab from opening; resuming it says why.
      const opened = await catchUp(this.#store, id, folder).catch(() => undefined);
      const result = opened && (await readResult(opened).catch(() => undefined));
      if (result) this.#store.endAttempt(last.id, 'finished', undefined, result.stopped);
      else {
        const { steps } = this.#store.numbers.progress(id);
        const error = interrupted('the lab itself was ended', steps, totalSteps);
        this.#store.endAttempt(last.id, 'interrupted', toWireError(error));
        this.#settling.begin(id, this.#awaitOrphan(stored, last.process)).catch(() => {});
      }
    }
    const unfinished = this.#summaries.list().filter(({ state }) => state !== 'finished');
    await sweepCaches(
      this.#folder,
      unfinished.map(({ folder }) => folder),
    );
  }

  /** Runs themselves are stopped by their supervisor. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#listChanges.close();
    await this.#settling.allOver();
  }

  /** What a run was asked for, and its folder. @throws LabError 'bad-argument' where there is no such run */
  asked(run: number): { readonly request: RunRequest; readonly folder: string } {
    const { request, folder } = this.#find(run);
    return { request: runRequestSchema.parse(request), folder };
  }

  /**
   * What a finished run has made, or with a step, what it had learned when that was kept ('runs.keepCheckpoint').
   * @throws LabError 'bad-argument' where there is no such thing; 'bad-checkpoint' where it is damaged
   */
  async learned(run: number, step: number | null): Promise<Learned> {
    const stored = this.#find(run);
    if (step !== null) return learnedAtStep(stored, this.#store.checkpoints.list(run), step);
    return learnedAtEnd(stored, this.#summaries.find(run)?.state === 'finished');
  }

  #start(request: RunRequest): number {
    const created = new Date().toISOString();
    const { name, modelFolder, dataFile } = request;
    const taken = new Set(this.#store.list().map(({ folder }) => folder));
    const folder = newRunFolder(this.#folder, name, created, taken);
    const started = { ...request, computing: this.#computing() };
    const run = this.#store.add({ folder, name, modelFolder, dataFile, request: started, created });
    this.#train(run, false);
    return run;
  }

  async #pause(run: number): Promise<void> {
    const job = this.#active.get(run)?.job;
    if (job === undefined) throw new LabError('bad-argument', 'This run is not being computed.', { run });
    job.stop();
    await job.done.catch(() => {});
  }

  async #resume(run: number): Promise<void> {
    const stored = this.#find(run);
    await this.#settling.over(run);
    if (this.#active.has(run)) return;
    this.#checkUnfinished(run, 'It cannot go on; begin a new one with more epochs.');
    const folder = await this.#settling.begin(run, catchUp(this.#store, run, stored.folder));
    if (this.#active.has(run)) return;
    // A run that never came to make its folder begins anew.
    if (folder) {
      const { step, epoch } = (await folder.checkpoints.last()) ?? { step: 0, epoch: -1 };
      this.#store.numbers.rewind(run, step, epoch);
    }
    this.#train(run, folder !== undefined);
  }

  /** Where it is computed, its engine ends it; else its last checkpoint becomes the result. */
  async #finish(run: number): Promise<void> {
    this.#find(run);
    await this.#settling.over(run);
    this.#checkUnfinished(run, 'It can be used as it is.');
    const active = this.#active.get(run);
    if (active?.isComputed) {
      active.job?.wish('finish');
      await active.job?.done;
      return;
    }
    if (active) await this.#pause(run);
    const { stopped } = await this.#publish(run, 'result');
    this.#store.endAttempt(this.#store.beginAttempt(run, 'the lab'), 'finished', undefined, stopped);
    this.#changed(run);
  }

  async #keep(run: number): Promise<Checkpoint> {
    const { folder } = this.#find(run);
    const active = this.#active.get(run);
    if (active?.isComputed) return toCheckpoint(folder, await active.keep());
    await this.#settling.over(run);
    const { kept } = await this.#publish(run, 'kept');
    if (kept === null) throw new Error('Nothing was kept.');
    this.#store.checkpoints.add(run, kept);
    return toCheckpoint(folder, kept);
  }

  #checkpoints(run: number): Checkpoint[] {
    const { folder } = this.#find(run);
    return this.#store.checkpoints.list(run).map((checkpoint) => toCheckpoint(folder, checkpoint));
  }

  #edit(run: number, notes: RunNotes): void {
    this.#find(run);
    this.#store.edit(run, notes);
    this.#changed(run);
  }

  async #remove(run: number): Promise<void> {
    const { folder } = this.#find(run);
    if (this.#active.has(run)) await this.#pause(run);
    await this.#settling.over(run);
    await this.#supervisor.releaseFiles();
    this.#store.remove(run);
    this.#changed(run);
    await rm(folder, { recursive: true, force: true });
  }

  #train(run: number, resume: boolean): void {
    const { folder, request } = this.#find(run);
    const { modelFolder, dataFile, recipe, recipeName, estimate, computing } =
      startedRunSchema.parse(request);
    const job = { kind: 'hyperfit', model: modelFolder, data: dataFile, out: folder } as const;
    const predicted = toPredicted(estimate);
    const asked = { ...job, recipe, recipeName, predicted, ...(computing ?? this.#computing()), resume };
    void this.#compute(run, asked).catch(() => {});
  }

  /** Makes the result of a run, or a state that is kept, of its last checkpoint. */
  #publish(run: number, as: 'result' | 'kept'): Promise<Published> {
    const { folder } = this.#find(run);
    const { done } = this.#supervisor.submit({ kind: 'publish', out: folder, as });
    return this.#settling.begin(
      run,
      done.then((result) => publishedSchema.parse(result)),
    );
  }

  async #awaitOrphan(stored: StoredRun, process: string): Promise<void> {
    await orphanGone(process, this.#closing.signal);
    if (this.#closing.signal.aborted) return;
    await catchUp(this.#store, stored.id, stored.folder);
    this.#changed(stored.id);
  }

  /** Gives a job to an engine, and keeps what it tells of the run. Settled like the job. */
  async #compute(run: number, job: Job): Promise<unknown> {
    const { recipe } = runRequestSchema.parse(this.#find(run).request);
    const active = new ActiveRun(run, recipe.epochs, this.#store, () => this.#changed(run));
    this.#active.set(run, active);
    active.job = this.#supervisor.submit(job, {
      onStart: (engine) => active.begin(engine),
      onEvent: (event) => active.hear(event),
    });
    this.#changed(run);
    try {
      const result = await active.job.done;
      active.end('finished');
      return result;
    } catch (error) {
      active.end(outcomeOf(error), () => explain(error, this.#store, this.#find(run)));
      throw error;
    } finally {
      this.#active.delete(run);
      this.#changed(run);
    }
  }

  /** Followers hear at once, lists of runs a few times a second. */
  #changed(run: number): void {
    this.#summaries.forget(run);
    this.#numberChanges.tell();
    this.#listChanges.tell();
  }

  #checkUnfinished(run: number, whatNow: string): void {
    if (this.#summaries.find(run)?.state === 'finished')
      throw new LabError('bad-argument', `This run is finished. ${whatNow}`, { run });
  }

  #find(run: number): StoredRun {
    const stored = this.#store.find(run);
    if (stored === undefined) throw new LabError('bad-argument', 'There is no such run any more.', { run });
    return stored;
  }
}

function toCheckpoint(runFolder: string, { sha256: _, ...checkpoint }: CheckpointFiles): Checkpoint {
  return { ...checkpoint, folder: path.join(runFolder, checkpoint.folder) };
}

/** As the run's folder keeps it; nothing of what an older lab said, which was less. */
function toPredicted(estimate: RunRequest['estimate']): Predicted | undefined {
  const { memoryBytes, diskBytes, seconds, how } = estimate ?? {};
  if (memoryBytes === undefined || diskBytes == null) return undefined;
  return { memoryBytes, diskBytes, seconds: seconds ?? null, how: how ?? null };
}
