/**
 * What experiments that train measure of every model alike: how it continues beginnings of held-out text, and how it predicts
 * that text. It is written down beside the model, so an experiment that goes on does not measure again.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { mean } from '../../../engine/analysis/diversity/mean.ts';
import { argMax, logProbability, topOneAgreement } from '../../../engine/analysis/diversity/predictions.ts';
import { repetition } from '../../../engine/analysis/diversity/repetition.ts';
import { typeTokenRatio } from '../../../engine/analysis/diversity/type-token-ratio.ts';
import type { ModelGeometry } from '../../../engine/architectures/architecture.ts';
import { LabError } from '../../../engine/errors.ts';
import { diskErrors, writeFileDurably } from '../../../engine/formats/durable-files.ts';
import { parseJson } from '../../../engine/formats/parse-json.ts';
import { GREEDY } from '../../../engine/generation/decoding.ts';
import type { WindowSet } from '../../../engine/text/windows.ts';
import type { TrainingRequest } from '../inputs.ts';
import { type Subject, write } from '../open-pair.ts';
import { varietyOf, varietySchema } from '../variety.ts';

/** Held-out text that models are measured on. */
export interface Probe {
  readonly windows: readonly (readonly number[])[];
  /** The first tokens of each. */
  readonly prompts: readonly (readonly number[])[];
  readonly maxNewTokens: number;
}

const measuredSchema = varietySchema.extend({
  /** Of each text by itself. */
  ttrs: z.array(z.number()),
  rep2s: z.array(z.number()),
  /** Mean cross-entropy of the windows' tokens in nats. */
  heldOutLoss: z.number(),
  /** What is thought most likely after each token of the windows but the last. */
  predictions: z.array(z.int()),
  /** The first beginning, and what was written on from it. */
  example: z.strictObject({ prompt: z.string(), text: z.string() }),
});
export type Measured = z.infer<typeof measuredSchema>;

export const measurementSchema = measuredSchema.omit({ predictions: true }).extend({
  /** With the base, on the held-out windows. */
  topOneAgreement: z.number(),
});
export type Measurement = z.infer<typeof measurementSchema>;

/** @throws LabError 'bad-argument' where nothing is held out */
export function probeOf(
  heldOut: WindowSet['heldOut'],
  { promptTokens, maxNewTokens }: TrainingRequest,
  { contextLength }: ModelGeometry,
): Probe {
  const windows = heldOut.map(({ tokens }) => [...tokens]);
  if (windows.length === 0) {
    throw new LabError(
      'bad-argument',
      'There is no text that is not trained on, so nothing can be measured. Let the settings keep some windows to measure with, or choose a longer text or shorter windows.',
    );
  }
  const promptLength = Math.min(promptTokens, windows[0]!.length - 1);
  return {
    windows,
    prompts: windows.map((window) => window.slice(0, promptLength)),
    maxNewTokens: Math.min(maxNewTokens, contextLength - promptLength),
  };
}

/** How the held-out text itself goes on after the prompts, as far as models write; undefined where windows are shorter. */
export function humanTexts({ windows, prompts, maxNewTokens }: Probe): number[][] | undefined {
  const start = prompts[0]!.length;
  if (windows[0]!.length < start + maxNewTokens) return undefined;
  return windows.map((window) => window.slice(start, start + maxNewTokens));
}

/**
 * @param file where it is kept, and read from if it was measured on the same texts before
 * @param measure one for each probe
 */
export async function measureOnce(
  file: string,
  probes: readonly Probe[],
  measure: () => Promise<Measured[]>,
): Promise<Measured[]> {
  const key = createHash('sha256').update(JSON.stringify(probes)).digest('hex');
  const schema = z.object({ key: z.literal(key), measured: z.array(measuredSchema) });
  const kept = schema.safeParse(parseJson(await readFile(file, 'utf8').catch(() => '')));
  if (kept.success) return kept.data.measured;
  const measured = await measure();
  await diskErrors(file, () => mkdir(path.dirname(file), { recursive: true }));
  await writeFileDurably(file, JSON.stringify({ key, measured }));
  return measured;
}

/** @param onShare is called with the share that is done, 0 to 1 */
export async function measureModel(
  subject: Subject,
  { windows, prompts, maxNewTokens }: Probe,
  {
    signal,
    onShare,
  }: { readonly signal: AbortSignal | undefined; readonly onShare: (share: number) => void },
): Promise<Measured> {
  const texts = await write(subject, prompts, {
    ...{ maxNewTokens, decoding: GREEDY, seed: 0, atEnd: 'forbid', signal },
    onShare: (share) => onShare(share / 2),
  });
  const predictions: number[] = [];
  const losses: number[] = [];
  for (const [index, window] of windows.entries()) {
    signal?.throwIfAborted();
    await subject.reader.eachLogits(await subject.reader.final(window), (logits, position) => {
      const next = window[position + 1];
      if (next === undefined) return;
      predictions.push(argMax(logits));
      losses.push(-logProbability(logits, next));
    });
    onShare((1 + (index + 1) / windows.length) / 2);
  }
  const { decode } = subject.model.tokenizer;
  return {
    ...varietyOf(texts),
    ttrs: texts.map((text) => typeTokenRatio(text)),
    rep2s: texts.map((text) => repetition(text, 2)),
    heldOutLoss: mean(losses),
    predictions,
    example: { prompt: decode(prompts[0]!), text: decode(texts[0]!) },
  };
}

/** Without what only comparisons with other models need. */
export function measurementOf({ predictions, ...measured }: Measured, base: Measured): Measurement {
  return { ...measured, topOneAgreement: topOneAgreement(predictions, base.predictions) };
}
