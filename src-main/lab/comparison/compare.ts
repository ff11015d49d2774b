/** All arms of a comparison in one go, for the command line: every arm continues every prompt, then the texts are measured. */
import type { Measures, Overlap, TokenText } from '../../../src-preload/contract/endpoints/comparison.ts';
import { describeDecoding } from '../../engine/generation/decoding.ts';
import type { WeightPrecision } from '../../engine/runtimes/quantize.ts';
import { type OpenModel, openModel } from '../models/open-model.ts';
import { openTraining, type TrainingText } from '../texts/training-text.ts';
import type { Arm } from './arms.ts';
import { measuresOf } from './measures.ts';
import { type WrittenArm, writeArm } from './write-arm.ts';

export interface CompareRequest {
  readonly arms: readonly Arm[];
  readonly prompts: readonly string[];
  readonly maxNewTokens: number;
  readonly seed: number;
  readonly runtime: string;
  /** Of the processor; all its cores if not said. */
  readonly threads?: number | undefined;
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
  readonly weights: WeightPrecision;
  readonly texts: readonly TokenText[];
  /** Beside those of the first arm. */
  readonly measures: NonNullable<Measures>;
  /** With the training text, where one is given. */
  readonly overlaps: readonly Overlap[] | null;
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

/** A base model is loaded once for all of its arms. */
export async function compare(
  request: CompareRequest,
  { signal, onProgress }: CompareOptions = {},
): Promise<Comparison> {
  const models = new Map<string, ComparedModel>();
  const total = request.arms.length * request.prompts.length * request.maxNewTokens;
  let done = 0;
  try {
    const arms: ArmResult[] = [];
    let first: WrittenArm | undefined;
    for (const [index, arm] of request.arms.entries()) {
      const key = `${arm.weights} ${arm.model}`;
      const { model, training } = models.get(key) ?? (await openCompared(arm, request));
      models.set(key, { model, training });
      const { texts, numbers } = await writeArm(
        model,
        { ...request, adapter: arm.adapter, decoding: arm.decoding },
        { training, signal, onToken: () => onProgress?.(++done, total) },
      );
      first ??= { texts, numbers };
      arms.push({
        name: arm.name,
        model: arm.model,
        adapter: arm.adapter,
        decoding: describeDecoding(arm.decoding),
        weights: arm.weights,
        texts,
        measures: measuresOf(numbers, first.numbers, { own: texts, first: first.texts }),
        overlaps: numbers.overlaps,
      });
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
  { model: folder, weights }: Arm,
  { runtime, threads, trainingText }: CompareRequest,
): Promise<ComparedModel> {
  const model = await openModel(folder, runtime, { threads, writesIn: weights });
  try {
    const training =
      trainingText === undefined
        ? undefined
        : await openTraining({ data: trainingText, recipe: null }, model.tokenizer);
    return { model, training };
  } catch (error) {
    await model.close();
    throw error;
  }
}
