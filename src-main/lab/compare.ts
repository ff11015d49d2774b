/** Every arm continues every prompt; then the texts are measured. A base model is loaded once for all of its arms. */

import { mean } from '../engine/analysis/diversity/mean.ts';
import { distinct, meanRepetition, repetitionDepth } from '../engine/analysis/diversity/repetition.ts';
import { selfBleu } from '../engine/analysis/diversity/self-bleu.ts';
import { summarizeOverlaps, type TrainingOverlap } from '../engine/analysis/diversity/training-overlap.ts';
import { meanTypeTokenRatio } from '../engine/analysis/diversity/type-token-ratio.ts';
import { describeDecoding } from '../engine/generation/decoding.ts';
import { releaseOverlay } from '../engine/model/overlay.ts';
import { tokenPieces } from '../engine/text/token-pieces.ts';
import type { Arm } from './arms.ts';
import { type OpenModel, openModel } from './open-model.ts';
import { blockedTokens, openTrainingText, type TrainingText } from './training-text.ts';

/** Tokens of a run that must come again to be marked where texts are shown. */
export const MARKED_RUN = 4;

export interface CompareRequest {
  readonly arms: readonly Arm[];
  readonly prompts: readonly string[];
  readonly maxNewTokens: number;
  readonly seed: number;
  readonly runtime: string;
  /** What the citation blocker keeps from being recited, and overlaps are measured with. */
  readonly trainingText?: string | undefined;
  /** "forbid": texts have full length, which makes measures of repetition comparable. */
  readonly atEnd: 'stop' | 'forbid';
}

export interface ArmResult {
  readonly name: string;
  readonly model: string;
  readonly adapter: string | null;
  readonly decoding: string;
  readonly metrics: Readonly<Record<string, number>>;
  readonly texts: readonly string[];
  /** Token ids of the texts, and what each stands for: for marking repetitions. */
  readonly tokens: readonly (readonly number[])[];
  readonly pieces: readonly (readonly string[])[];
  /** Of each token: how often a run of MARKED_RUN tokens that it stands in came before in the same text. */
  readonly depths: readonly (readonly number[])[];
}

export interface Comparison {
  readonly prompts: readonly string[];
  readonly arms: readonly ArmResult[];
}

export interface CompareOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with the tokens written so far, of all that may be written. */
  readonly onProgress?: (done: number, total: number) => void;
}

export async function compare(
  request: CompareRequest,
  { signal, onProgress }: CompareOptions = {},
): Promise<Comparison> {
  const models = new Map<string, ComparedModel>();
  const total = request.arms.length * request.prompts.length * request.maxNewTokens;
  let done = 0;
  try {
    const arms: ArmResult[] = [];
    for (const [index, arm] of request.arms.entries()) {
      const compared = models.get(arm.model) ?? (await openCompared(arm.model, request));
      models.set(arm.model, compared);
      arms.push(await writeArm(arm, compared, request, signal, () => onProgress?.(++done, total)));
      done = (index + 1) * request.prompts.length * request.maxNewTokens;
    }
    return { prompts: request.prompts, arms };
  } finally {
    for (const { model } of models.values()) await model.close();
  }
}

interface ComparedModel {
  readonly model: OpenModel;
  /** Undefined where the request names none. */
  readonly training: TrainingText | undefined;
}

async function openCompared(
  folder: string,
  { runtime, trainingText }: CompareRequest,
): Promise<ComparedModel> {
  const model = await openModel(folder, runtime);
  try {
    const training =
      trainingText === undefined ? undefined : await openTrainingText(trainingText, model.tokenizer);
    return { model, training };
  } catch (error) {
    await model.close();
    throw error;
  }
}

async function writeArm(
  arm: Arm,
  { model, training }: ComparedModel,
  { prompts, maxNewTokens, seed, atEnd }: CompareRequest,
  signal: AbortSignal | undefined,
  onToken: () => void,
): Promise<ArmResult> {
  const { tokenizer, decoder, folder } = model;
  const overlay = await model.overlay(arm.adapter ?? undefined);
  const tokens = await decoder.generate(
    prompts.map((prompt) => tokenizer.encodeWithSpecial(prompt)),
    {
      maxNewTokens,
      decoding: arm.decoding,
      seed,
      overlay,
      endOfText: folder.endOfText,
      atEnd,
      signal,
      onToken,
      blocked: blockedTokens(arm.decoding, training),
    },
  );
  releaseOverlay(overlay);
  return {
    name: arm.name,
    model: arm.model,
    adapter: arm.adapter,
    decoding: describeDecoding(arm.decoding),
    metrics: measure(tokens, training?.overlap),
    texts: tokens.map((ids) => tokenizer.decode(ids)),
    tokens,
    pieces: tokens.map((ids) => tokenPieces(ids, tokenizer.decode)),
    depths: tokens.map((ids) => repetitionDepth(ids, MARKED_RUN)),
  };
}

/** Definitions: see engine/analysis/diversity. */
function measure(
  texts: readonly (readonly number[])[],
  overlap: TrainingOverlap | undefined,
): Record<string, number> {
  const metrics: Record<string, number> = {
    ttr: meanTypeTokenRatio(texts),
    rep2: meanRepetition(texts, 2),
    rep3: meanRepetition(texts, 3),
    distinct2: distinct(texts, 2),
    distinct3: distinct(texts, 3),
    selfBleu: selfBleu(texts),
    tokens: mean(texts.map(({ length }) => length)),
  };
  if (overlap) {
    const copied = summarizeOverlaps(texts.map((text) => overlap.longest(text)));
    metrics.meanOverlap = copied.mean;
    metrics.maxOverlap = copied.max;
  }
  return metrics;
}
