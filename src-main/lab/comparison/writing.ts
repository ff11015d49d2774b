/**
 * A comparison while it is written: a job for each arm that is not complete, so that training gets its turn between two. Arms
 * of one model come one after the other, because the process that writes keeps a model; the first arm comes first, because
 * the others are measured beside it. What is written can be read at any time.
 */
import { type ComparisonState, putTail } from '../../../src-preload/contract/endpoints/comparison.ts';
import { toWireError } from '../../../src-preload/contract/errors.ts';
import { Changes } from '../changes.ts';
import type { JobEvent } from '../jobs/job.ts';
import type { SubmittedJob, Supervisor } from '../jobs/supervisor.ts';
import { cancelled } from '../jobs/worker.ts';
import type { Computing } from '../settings/computing.ts';
import type { TrainingSource } from '../texts/training-text.ts';
import { armNumbersSchema } from './arm-numbers.ts';
import { measuresOf } from './measures.ts';
import type { PlacedArm } from './placing.ts';
import { nothingWritten, type Outcome, type WrittenArm } from './written.ts';

export interface WritingRequest {
  readonly prompts: readonly string[];
  readonly maxNewTokens: number;
  readonly seed: number;
  /** What was trained on, where that is known. */
  readonly training: TrainingSource | undefined;
}

export interface ArmToWrite {
  /** One that is complete stays as it is; what an incomplete one has is written again. */
  readonly written: WrittenArm;
  /** Asked when its turn comes. */
  readonly place: () => Promise<PlacedArm>;
}

export interface WritingListener {
  /** It waits, is being written, or is over. */
  readonly onState: () => void;
  /** What the arm at this place has is worth keeping: it is complete, or all is over. */
  readonly onArm: (place: number) => void;
  readonly onOutcome: () => void;
}

export class Writing {
  /** What there is of each arm. */
  readonly arms: WrittenArm[] = [];
  /** Null while it is written. */
  outcome: Outcome['outcome'] = null;
  error: Outcome['error'] = null;
  /** Tells of every bit of text. */
  readonly changes = new Changes();
  readonly #places: (() => Promise<PlacedArm>)[] = [];
  readonly #placed = new Map<number, PlacedArm>();
  readonly #request: WritingRequest;
  readonly #supervisor: Supervisor;
  readonly #computing: () => Computing;
  readonly #over = Promise.withResolvers<void>();
  #state: ComparisonState = 'waiting';
  #job: SubmittedJob | undefined;
  #stopped = false;

  /** @param computing asked for each arm, as settings may change while a comparison waits */
  constructor(
    request: WritingRequest,
    arms: readonly ArmToWrite[],
    supervisor: Supervisor,
    computing: () => Computing,
  ) {
    this.#request = request;
    this.#supervisor = supervisor;
    this.#computing = computing;
    for (const arm of arms) this.add(arm);
  }

  get state(): ComparisonState {
    return this.#state;
  }

  /** One more arm: it is written after the others. */
  add({ written, place }: ArmToWrite): void {
    this.#places.push(place);
    this.arms.push(written.measures === null ? nothingWritten(this.#request.prompts.length) : written);
    this.changes.tell();
  }

  /** Keeps what is written, and waits until that is done; the arm under way ends between two tokens. */
  stop(): Promise<void> {
    this.#stopped = true;
    this.#job?.stop();
    return this.#over.promise;
  }

  /** Writes all arms. It never fails: how it ended can be read. */
  async write({ onState, onArm, onOutcome }: WritingListener): Promise<void> {
    const enter = (state: ComparisonState) => {
      this.#state = state;
      onState();
      this.changes.tell();
    };
    try {
      await this.#writeArms(enter, onArm);
    } catch (error) {
      this.#fail(error);
    }
    try {
      for (const [place, { measures }] of this.arms.entries()) if (measures === null) onArm(place);
      onOutcome();
    } catch (error) {
      // It cannot be kept, such as where the disk is full: whoever follows is told.
      this.#fail(error);
    }
    enter(this.outcome ?? 'failed');
    this.#over.resolve();
  }

  async #writeArms(enter: (state: ComparisonState) => void, onArm: (place: number) => void): Promise<void> {
    let last: PlacedArm | undefined;
    for (;;) {
      if (this.#stopped) throw cancelled();
      const missing = [...this.arms.keys()].filter((place) => this.arms[place]!.measures === null);
      if (missing.length === 0) break;
      for (const place of missing)
        if (!this.#placed.has(place)) this.#placed.set(place, await this.#places[place]!());
      const place = missing.find((one) => isSameModel(this.#placed.get(one)!, last)) ?? missing[0]!;
      last = this.#placed.get(place)!;
      await this.#writeArm(place, last, enter);
      onArm(place);
    }
    // At once: an arm that is added from now on is not written any more.
    this.outcome = 'finished';
  }

  async #writeArm(place: number, placed: PlacedArm, enter: (state: ComparisonState) => void): Promise<void> {
    enter('waiting');
    // Where it was stopped while arms were placed, there was no job to stop.
    if (this.#stopped) throw cancelled();
    this.#job = this.#submit(place, placed, () => enter('writing'));
    const numbers = armNumbersSchema.parse(await this.#job.done);
    const { texts } = this.arms[place]!;
    const first = place === 0 ? { texts, numbers } : this.arms[0]!;
    const measures = measuresOf(numbers, first.numbers, { own: texts, first: first.texts });
    this.arms[place] = { texts, numbers, measures };
  }

  #fail(error: unknown): void {
    this.outcome = this.#stopped ? 'stopped' : 'failed';
    this.error = this.#stopped ? null : toWireError(error);
  }

  #submit(
    place: number,
    { model, adapter, decoding, weights }: PlacedArm,
    onStart: () => void,
  ): SubmittedJob {
    const { prompts, maxNewTokens, seed, training } = this.#request;
    return this.#supervisor.submit(
      {
        kind: 'write',
        ...{ model, adapter, decoding, weights, prompts: [...prompts], maxNewTokens, seed, atEnd: 'forbid' },
        ...(training && { training }),
        ...this.#computing(),
      },
      { onStart, onEvent: (event) => this.#hear(place, event) },
    );
  }

  #hear(place: number, event: JobEvent): void {
    if (event.kind !== 'written') return;
    const { texts } = this.arms[place]!;
    for (const tail of event.tails) texts[tail.prompt] = putTail(texts[tail.prompt]!, tail);
    this.changes.tell();
  }
}

/** In memory: the same weights, kept alike. */
function isSameModel(arm: PlacedArm, other: PlacedArm | undefined): boolean {
  return arm.model === other?.model && arm.weights === other.weights;
}
