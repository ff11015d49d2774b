/**
 * Two models that an experiment compares, used one after the other, so that no more than one set of weights is in memory. An
 * adapter over the base shares the base's weights; nothing is then loaded twice.
 */
import path from 'node:path';
import { ModelReader } from '../../engine/analysis/model-reader.ts';
import { LabError } from '../../engine/errors.ts';
import type { GenerationOptions } from '../../engine/generation/decoder.ts';
import { type Overlay, releaseOverlay } from '../../engine/model/overlay.ts';
import type { Tokenizer } from '../../engine/text/tokenizer.ts';
import { type OpenModel, openModel } from '../models/open-model.ts';
import type { Context } from './experiment.ts';
import { type Pair, type PairRequest, readTexts } from './inputs.ts';

export type Side = 'base' | 'tuned';

/** One of the two, ready to read and to write. */
export interface Subject {
  readonly model: OpenModel;
  readonly overlay: Overlay;
  readonly reader: ModelReader;
}

export interface PairInputs {
  readonly texts: readonly (readonly number[])[];
  readonly prompts: readonly (readonly number[])[];
}

export class OpenPair {
  readonly #pair: Pair;
  readonly #computing: Pick<Context<unknown>, 'runtime' | 'threads'>;
  #open: { readonly folder: string; readonly model: OpenModel } | undefined;
  /** Of the model that was opened first. */
  #tokenizer: Tokenizer | undefined;

  constructor(pair: Pair, { runtime, threads }: Pick<Context<unknown>, 'runtime' | 'threads'>) {
    this.#pair = pair;
    this.#computing = { runtime, threads };
  }

  /** Token ids of the texts to read and of the prompts. @throws LabError as readTexts and `use` do, for either model */
  async inputs({ texts, prompts }: Pick<PairRequest, 'texts' | 'prompts'>): Promise<PairInputs> {
    const read = ({ model }: Subject) =>
      Promise.all([readTexts(texts, model), readTexts(prompts, model)] as const);
    const [textTokens, promptTokens] = await this.use('base', read);
    // Opened before anything is computed, in case that it cannot be; weights are not loaded by that.
    return this.use('tuned', async () => ({ texts: textTokens, prompts: promptTokens }));
  }

  /**
   * What `work` is given holds until its promise settles.
   * @throws LabError as opening a model and an adapter do; 'bad-argument' where the two know different tokens
   */
  async use<Result>(side: Side, work: (subject: Subject) => Promise<Result>): Promise<Result> {
    const { base, tuned } = this.#pair;
    const model = await this.#model(path.resolve(side === 'base' ? base : tuned.model));
    const overlay = await model.overlay(side === 'base' ? undefined : (tuned.adapter ?? undefined));
    const reader = new ModelReader(model.architecture, model.weights, overlay);
    try {
      return await work({ model, overlay, reader });
    } finally {
      await reader.release();
      releaseOverlay(overlay);
    }
  }

  async close(): Promise<void> {
    await this.#open?.model.close();
    this.#open = undefined;
  }

  async #model(folder: string): Promise<OpenModel> {
    if (this.#open?.folder === folder) return this.#open.model;
    await this.close();
    const model = await openModel(folder, this.#computing.runtime, this.#computing);
    this.#open = { folder, model };
    this.#checkTokens(model);
    return model;
  }

  /** Predictions are compared token by token. */
  #checkTokens({ architecture, tokenizer }: OpenModel): void {
    this.#tokenizer ??= tokenizer;
    for (let token = 0; token < architecture.geometry.vocabularySize; token++) {
      const [first, second] = [this.#tokenizer.spelling(token), tokenizer.spelling(token)];
      if (first === second) continue;
      throw new LabError(
        'bad-argument',
        `The two models know different tokens (number ${token} is "${first ?? ''}" and "${second ?? ''}"), so what they predict cannot be compared. Choose a tuned model that was made from this base.`,
        { token, spellings: [first ?? null, second ?? null] },
      );
    }
  }
}

export interface WritingOptions
  extends Pick<
    GenerationOptions,
    'maxNewTokens' | 'decoding' | 'seed' | 'atEnd' | 'adjust' | 'blocked' | 'signal'
  > {
  /** Called with the share of all tokens that is written. */
  readonly onShare?: (share: number) => void;
}

/** Continuations of the prompts, token ids without the prompts. */
export function write(
  { model, overlay }: Subject,
  prompts: readonly (readonly number[])[],
  { onShare, ...options }: WritingOptions,
): Promise<number[][]> {
  const { contextLength } = model.architecture.geometry;
  const total = prompts.reduce(
    (sum, { length }) => sum + Math.min(options.maxNewTokens, contextLength - length),
    0,
  );
  let written = 0;
  return model.decoder.generate(prompts, {
    ...options,
    overlay,
    endOfText: model.folder.endOfText,
    onToken: () => onShare?.(++written / total),
  });
}
