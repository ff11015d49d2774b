/**
 * A look into a comparison's texts: what each arm would write next at a place, what it would write after another token, and
 * what stands around that which it has copied. It is asked of the models anew, and kept nowhere.
 */

import type { InputOf, OutputOf } from '../../../src-preload/contract/endpoint.ts';
import {
  type ComparisonRequest,
  comparisonContract,
  type Prediction,
  predictionSchema,
  type TextTail,
} from '../../../src-preload/contract/endpoints/comparison.ts';
import type { Answers } from '../../../src-preload/contract/server.ts';
import { LabError } from '../../engine/errors.ts';
import type { ComparisonStore } from '../../store/comparison-store.ts';
import { Changes } from '../changes.ts';
import type { Supervisor } from '../jobs/supervisor.ts';
import type { Computing } from '../settings/computing.ts';
import type { Placing } from './placing.ts';
import type { Place } from './predict.ts';
import { findKept, type KeptComparison, type WrittenArm } from './written.ts';

const predictedSchema = predictionSchema.omit({ arm: true });

type Answered = 'comparisons.inspect' | 'comparisons.branch' | 'comparisons.source';
type Contract = Pick<typeof comparisonContract, Answered>;
type Asked = InputOf<Contract['comparisons.inspect']>;

export interface InspectorOptions {
  readonly store: ComparisonStore;
  readonly supervisor: Supervisor;
  readonly placing: Placing;
  readonly computing: () => Computing;
  /** What there is of a comparison's arm. */
  readonly shownArm: (kept: KeptComparison, place: number) => WrittenArm;
}

/** Whose text, and where in it. */
interface Found {
  readonly request: ComparisonRequest;
  readonly place: Place;
}

export class Inspector {
  readonly answers: Answers<Contract> = {
    'comparisons.inspect': (asked, signal) => this.#inspect(asked, signal),
    'comparisons.branch': (asked, signal) => this.#branch(asked, signal),
    'comparisons.source': (asked, signal) => this.#source(asked, signal),
  };
  readonly #options: InspectorOptions;

  constructor(options: InspectorOptions) {
    this.#options = options;
  }

  /** Arms of one model after each other: the process that computes keeps it. */
  async *#inspect(asked: Asked, signal: AbortSignal): AsyncGenerator<Prediction> {
    const { supervisor, placing, computing } = this.#options;
    const { request, place } = await this.#find(asked);
    const placed = await Promise.all(
      request.arms.map(async (arm, index) => ({ arm: index, ...(await placing.arm(arm)) })),
    );
    const together = Map.groupBy(placed, ({ model, weights }) => `${weights} ${model}`);
    for (const { arm, model, adapter, weights } of [...together.values()].flat()) {
      if (signal.aborted) return;
      const job = { kind: 'predict', model, adapter, weights, place, ...computing() } as const;
      yield { arm, ...predictedSchema.parse(await supervisor.submit(job, { signal }).done) };
    }
  }

  async *#branch(
    asked: InputOf<Contract['comparisons.branch']>,
    signal: AbortSignal,
  ): AsyncGenerator<TextTail> {
    const { supervisor, placing, computing } = this.#options;
    const { arm, prompt, token, maxNewTokens } = asked;
    const { request, place } = await this.#find(asked);
    const training = placing.training(request.arms);
    const tails: TextTail[] = [];
    const changes = new Changes();
    const ended = new AbortController();
    const isOver = { yet: false };
    const { done } = supervisor.submit(
      {
        kind: 'branch',
        ...(await placing.arm(request.arms[arm]!)),
        ...{ place, token, maxNewTokens, seed: request.seed, ...computing() },
        ...(training && { training }),
      },
      {
        signal: AbortSignal.any([signal, ended.signal]),
        onEvent: (event) => {
          if (event.kind !== 'written') return;
          tails.push(...event.tails);
          changes.tell();
        },
      },
    );
    const over = done.finally(() => {
      isOver.yet = true;
      changes.tell();
    });
    // It is awaited below, unless nobody listens any more.
    over.catch(() => {});
    try {
      while (!signal.aborted && !(isOver.yet && tails.length === 0)) {
        const next = changes.next(signal);
        yield* tails.splice(0).map((tail) => ({ ...tail, prompt }));
        if (!isOver.yet) await next;
      }
      if (!signal.aborted) await over;
    } finally {
      ended.abort();
    }
  }

  async #source(
    { comparison, arm, prompt }: InputOf<Contract['comparisons.source']>,
    signal: AbortSignal,
  ): Promise<OutputOf<Contract['comparisons.source']>> {
    const { supervisor, placing } = this.#options;
    const { request, text } = this.#text({ comparison, arm, prompt });
    const training = placing.training(request.arms);
    if (training === undefined)
      throw new LabError('bad-argument', 'No run among the arms tells what was trained on.');
    const { model } = await placing.arm(request.arms[arm]!);
    const job = { kind: 'copied', model, training, tokens: text.tokens } as const;
    return comparisonContract['comparisons.source'].output.parse(
      await supervisor.submit(job, { signal }).done,
    );
  }

  async #find({ tokens, ...asked }: Asked): Promise<Found> {
    const { request, text } = this.#text(asked);
    const { model } = await this.#options.placing.arm(request.arms[asked.arm]!);
    const [token, piece] = [text.tokens[tokens], text.pieces[tokens]];
    if (tokens > text.tokens.length)
      throw new LabError('bad-argument', 'The text does not go as far as this.', { tokens });
    const place = {
      prompt: request.prompts[asked.prompt]!,
      tokens: text.tokens.slice(0, tokens),
      text: text.pieces.slice(0, tokens).join(''),
      next: token === undefined || piece === undefined ? null : { token, piece },
      tokensOf: model,
    };
    return { request, place };
  }

  #text({ comparison, arm, prompt }: Pick<Asked, 'comparison' | 'arm' | 'prompt'>) {
    const kept = findKept(this.#options.store, comparison);
    if (kept.imported)
      throw new LabError(
        'bad-argument',
        'This comparison was read from a file, so its models cannot be asked here.',
        { comparison },
      );
    const text = arm < kept.request.arms.length ? this.#options.shownArm(kept, arm).texts[prompt] : undefined;
    if (text === undefined)
      throw new LabError('bad-argument', 'There is no such text in this comparison.', { arm, prompt });
    return { request: kept.request, text };
  }
}
