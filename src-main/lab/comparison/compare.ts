/** All arms of a comparison in one go, for the command line: every arm continues every prompt, then the texts are measured. */
import { describeDecoding } from '../../engine/generation/decoding.ts';
import { type OpenModel, openModel } from '../models/open-model.ts';
import { openTraining, type TrainingText } from '../texts/training-text.ts';
import type { Arm } from './arms.ts';
import { writeArm } from './write-arm.ts';

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
    for (const [index, arm] of request.arms.entries()) {
      const { model, training } = models.get(arm.model) ?? (await openCompared(arm.model, request));
      models.set(arm.model, { model, training });
      const { texts, measures } = await writeArm(
        model,
        { ...request, adapter: arm.adapter, decoding: arm.decoding },
        { training, signal, onToken: () => onProgress?.(++done, total) },
      );
      arms.push({
        name: arm.name,
        model: arm.model,
        adapter: arm.adapter,
        decoding: describeDecoding(arm.decoding),
        metrics: measures,
        texts: texts.map(({ tokens }) => model.tokenizer.decode(tokens)),
        tokens: texts.map(({ tokens }) => tokens),
        pieces: texts.map(({ pieces }) => pieces),
        depths: texts.map(({ depths }) => depths),
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
  folder: string,
  { runtime, threads, trainingText }: CompareRequest,
): Promise<ComparedModel> {
  const model = await openModel(folder, runtime, threads);
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
