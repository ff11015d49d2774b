/**
 * A run that waits for its engine or is computed: what the engine tells is collected, and goes to the store in groups, so
 * that neither the disk nor the lab's event loop is at the mercy of how fast a tiny model takes its steps.
 */
import type { Live } from '../../../src-preload/contract/endpoints/runs.ts';
import type { WireError } from '../../../src-preload/contract/errors.ts';
import { LabError } from '../../engine/errors.ts';
import type { CheckpointFiles } from '../../engine/training/checkpoints.ts';
import type { EpochRecord, StepRecord } from '../../engine/training/records.ts';
import type { Outcome, RunStore } from '../../store/run-store.ts';
import type { JobEvent } from '../jobs/job.ts';
import type { SubmittedJob } from '../jobs/supervisor.ts';
import { RemainingTime } from './remaining-time.ts';

/** Numbers are written to the store, and shown, so often. */
const FLUSH_MILLISECONDS = 200;
/** Where the store cannot be written to: another program may hold it for a while. */
const RETRY_MILLISECONDS = 5_000;
/** Steps of one transaction: between two, the event loop has its turn. */
export const STEPS_TOGETHER = 2_000;

export class ActiveRun {
  readonly #run: number;
  readonly #epochsInAll: number;
  readonly #store: RunStore;
  readonly #changed: () => void;
  readonly #remaining = new RemainingTime();
  readonly #steps: StepRecord[] = [];
  readonly #epochs: EpochRecord[] = [];
  /** Who waits for a checkpoint that is kept. */
  #keeping: PromiseWithResolvers<CheckpointFiles> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #job: SubmittedJob | undefined;
  #attempt: number | undefined;
  #phase: Live['phase'] = 'starting';
  #share = 0;
  #last: { readonly record: StepRecord; readonly totalSteps: number } | undefined;
  #peakMemoryBytes = 0;
  #stopped: string | null = null;

  /** @param changed called when there is something new in the store */
  constructor(run: number, epochs: number, store: RunStore, changed: () => void) {
    this.#run = run;
    this.#epochsInAll = epochs;
    this.#store = store;
    this.#changed = changed;
  }

  /** Undefined before it was submitted. */
  get job(): SubmittedJob | undefined {
    return this.#job;
  }

  set job(job: SubmittedJob) {
    this.#job = job;
  }

  get isComputed(): boolean {
    return this.#attempt !== undefined;
  }

  /** Null while it waits for its turn. */
  get live(): Live | null {
    if (!this.isComputed) return null;
    return {
      phase: this.#phase,
      share: this.#share,
      secondsLeft: this.#secondsLeft(),
      memoryBytes: this.#job?.status().memoryBytes ?? null,
    };
  }

  /** Its turn has come. */
  begin(engine: string): void {
    this.#attempt = this.#store.beginAttempt(this.#run, engine);
    this.#changed();
  }

  hear(event: JobEvent): void {
    switch (event.kind) {
      case 'prefix':
        [this.#phase, this.#share] = ['prefix', event.share];
        break;
      case 'step':
        this.#hearStep(event);
        break;
      case 'epoch':
        this.#epochs.push(event.record);
        this.#remaining.addEpoch(event.seconds);
        break;
      case 'checkpoint':
        this.#hearCheckpoint(event.checkpoint);
        break;
      case 'disk':
        if (this.#attempt !== undefined) this.#store.setDiskBytes(this.#attempt, event.largestBytes);
        break;
      case 'stopped':
        this.#stopped = event.reason;
        break;
    }
    this.#timer ??= setTimeout(() => this.#flush(), FLUSH_MILLISECONDS);
  }

  /** Keeps the state after the step under way. */
  keep(): Promise<CheckpointFiles> {
    this.#keeping ??= Promise.withResolvers();
    this.#job?.wish('keep');
    return this.#keeping.promise;
  }

  /**
   * Writes all that was told. No number comes after this.
   * @param explain asked when all is written, as the reason tells how far the run came
   */
  end(outcome: Outcome, explain?: () => WireError | undefined): void {
    clearTimeout(this.#timer);
    while (this.#steps.length + this.#epochs.length > 0) this.#write();
    this.#notePeakMemory();
    if (this.#attempt !== undefined)
      this.#store.endAttempt(this.#attempt, outcome, explain?.(), this.#stopped);
    this.#keeping?.reject(
      new LabError('cancelled', 'The run ended before its state could be kept. Try again.', {
        run: this.#run,
      }),
    );
  }

  #hearStep({ record, totalSteps, seconds }: Extract<JobEvent, { kind: 'step' }>): void {
    this.#steps.push(record);
    if (this.#phase !== 'training') this.#store.setTotalSteps(this.#run, totalSteps);
    [this.#phase, this.#share] = ['training', record.step / totalSteps];
    this.#remaining.addStep(seconds);
    this.#last = { record, totalSteps };
  }

  #secondsLeft(): number | null {
    if (this.#last === undefined) return null;
    const { record, totalSteps } = this.#last;
    return this.#remaining.seconds(totalSteps - record.step, this.#epochsInAll - record.epoch + 1);
  }

  #hearCheckpoint(checkpoint: CheckpointFiles): void {
    this.#store.checkpoints.add(this.#run, checkpoint);
    if (!checkpoint.kept) return;
    this.#keeping?.resolve(checkpoint);
    this.#keeping = undefined;
  }

  #flush(): void {
    try {
      this.#write();
      this.#notePeakMemory();
    } catch {
      // What was told waits here, and stands in the run's folder.
      this.#timer = setTimeout(() => this.#flush(), RETRY_MILLISECONDS);
      return;
    }
    const isAll = this.#steps.length + this.#epochs.length === 0;
    this.#timer = isAll ? undefined : setTimeout(() => this.#flush(), 0);
    this.#changed();
  }

  /** Epochs come when all of their steps are there. What could not be written stays. */
  #write(): void {
    const steps = this.#steps.slice(0, STEPS_TOGETHER);
    const epochs = steps.length === this.#steps.length ? this.#epochs.slice() : [];
    this.#store.numbers.record(this.#run, steps, epochs);
    this.#steps.splice(0, steps.length);
    this.#epochs.splice(0, epochs.length);
  }

  #notePeakMemory(): void {
    const { peakMemoryBytes } = this.#job?.status() ?? {};
    if (this.#attempt === undefined || !peakMemoryBytes || peakMemoryBytes <= this.#peakMemoryBytes) return;
    this.#peakMemoryBytes = peakMemoryBytes;
    this.#store.setPeakMemory(this.#attempt, peakMemoryBytes);
  }
}
