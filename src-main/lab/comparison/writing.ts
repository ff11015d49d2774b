/**
 * A comparison while it is written: a job for each arm, so that training gets its turn between two. Arms of one model come
 * one after the other, because the process that writes keeps a model. What is written can be read at any time.
 */
import { z } from 'zod';
import {
  type ComparisonState,
  measuresSchema,
  putTail,
  tokenTextSchema,
} from '../../../src-preload/contract/endpoints/comparison.ts';
import { toWireError, wireErrorSchema } from '../../../src-preload/contract/errors.ts';
import type { DecodingSettings } from '../../engine/generation/decoding.ts';
import { Changes } from '../changes.ts';
import type { JobEvent } from '../jobs/job.ts';
import type { SubmittedJob, Supervisor } from '../jobs/supervisor.ts';
import { cancelled } from '../jobs/worker.ts';
import type { Computing } from '../settings/computing.ts';

/** What is stored of a comparison. */
export const writtenSchema = z.object({
  /** Null: it is being written, or the lab ended while it was. */
  outcome: z.enum(['finished', 'stopped', 'failed']).nullable(),
  error: wireErrorSchema.nullable(),
  arms: z.array(z.object({ texts: z.array(tokenTextSchema), measures: measuresSchema })),
});
export type Written = z.infer<typeof writtenSchema>;

/** Folders. */
export interface PlacedArm {
  readonly model: string;
  readonly adapter: string | null;
  readonly decoding: DecodingSettings;
}

export interface WritingRequest {
  readonly arms: readonly PlacedArm[];
  readonly prompts: readonly string[];
  readonly maxNewTokens: number;
  readonly seed: number;
}

/** Nothing is written yet. */
export function nothingWritten(arms: number, prompts: number): Written {
  const empty = () => ({ tokens: [], pieces: [], depths: [] });
  return {
    outcome: null,
    error: null,
    arms: Array.from({ length: arms }, () => ({
      texts: Array.from({ length: prompts }, empty),
      measures: null,
    })),
  };
}

export interface WritingListener {
  /** It waits, is being written, or is over. */
  readonly onState: () => void;
  /** An arm is complete, or all is over: what is there is worth keeping. */
  readonly onKept: () => void;
}

export class Writing {
  readonly written: Written;
  /** Tells of every bit of text. */
  readonly changes = new Changes();
  readonly #request: WritingRequest;
  readonly #supervisor: Supervisor;
  readonly #computing: () => Computing;
  readonly #over = Promise.withResolvers<void>();
  #state: ComparisonState = 'waiting';
  #job: SubmittedJob | undefined;
  #stopped = false;

  /** @param computing asked for each arm, as settings may change while a comparison waits */
  constructor(request: WritingRequest, supervisor: Supervisor, computing: () => Computing) {
    this.#request = request;
    this.#supervisor = supervisor;
    this.#computing = computing;
    this.written = nothingWritten(request.arms.length, request.prompts.length);
  }

  get state(): ComparisonState {
    return this.#state;
  }

  /** Keeps what is written, and waits until that is done; the arm under way ends between two tokens. */
  stop(): Promise<void> {
    this.#stopped = true;
    this.#job?.stop();
    return this.#over.promise;
  }

  /** Writes all arms. It never fails: how it ended stands in `written`. */
  async write({ onState, onKept }: WritingListener): Promise<void> {
    const enter = (state: ComparisonState) => {
      this.#state = state;
      onState();
      this.changes.tell();
    };
    try {
      await this.#writeArms(enter, onKept);
      this.written.outcome = 'finished';
    } catch (error) {
      this.#fail(error);
    }
    try {
      onKept();
    } catch (error) {
      // It cannot be kept, such as where the disk is full: whoever follows is told.
      this.#fail(error);
    }
    enter(this.written.outcome ?? 'failed');
    this.#over.resolve();
  }

  async #writeArms(enter: (state: ComparisonState) => void, onKept: () => void): Promise<void> {
    const { arms } = this.#request;
    for (const arm of [...Map.groupBy(arms.keys(), (place) => arms[place]!.model).values()].flat()) {
      if (this.#stopped) throw cancelled();
      enter('waiting');
      this.#job = this.#submit(arm, () => enter('writing'));
      this.written.arms[arm]!.measures = asMeasures(await this.#job.done);
      onKept();
    }
  }

  #fail(error: unknown): void {
    this.written.outcome = this.#stopped ? 'stopped' : 'failed';
    this.written.error = this.#stopped ? null : toWireError(error);
  }

  #submit(arm: number, onStart: () => void): SubmittedJob {
    const { prompts, maxNewTokens, seed } = this.#request;
    const { model, adapter, decoding } = this.#request.arms[arm]!;
    return this.#supervisor.submit(
      {
        kind: 'write',
        ...{ model, adapter, prompts: [...prompts], maxNewTokens },
        ...{ ...this.#computing(), decoding, seed, atEnd: 'forbid' },
      },
      { onStart, onEvent: (event) => this.#hear(arm, event) },
    );
  }

  #hear(arm: number, event: JobEvent): void {
    if (event.kind !== 'written') return;
    const { texts } = this.written.arms[arm]!;
    for (const tail of event.tails) texts[tail.prompt] = putTail(texts[tail.prompt]!, tail);
    this.changes.tell();
  }
}

function asMeasures(result: unknown): z.infer<typeof measuresSchema> {
  const numbers = z.record(z.string(), z.number()).parse(result);
  const entries = Object.entries(numbers).map(([name, value]) => [name, { value, difference: null }]);
  return measuresSchema.parse(Object.fromEntries(entries));
}
