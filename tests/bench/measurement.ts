/**
 * What one process of a contender is asked to do, and what it answers. The question goes to it as JSON, as its first
 * argument; the answer is the last line of its output. ours.ts, peers.py and llama-cpp.ts all speak this.
 */
import { z } from 'zod';
import { WEIGHT_PRECISIONS } from '../../src-main/engine/runtimes/quantize.ts';

/** Float32 is what the lab trains in; the others are ways to keep weights that are only read. */
export const PRECISIONS = ['float32', 'float16', '8-bit', '4-bit'] as const;
export type Precision = (typeof PRECISIONS)[number];

/** A Llama, as far as its sizes go; random-models.ts makes its files. */
const model = z.object({
  width: z.number(),
  feedForward: z.number(),
  blocks: z.number(),
  heads: z.number(),
  /** Heads of keys and values. */
  keyValueHeads: z.number(),
  vocabulary: z.number(),
  /** Whether the head is the embedding. */
  tied: z.boolean(),
  /** Tokens that it reads at most. */
  context: z.number(),
});
export type LlamaSize = z.infer<typeof model>;

const trainingFields = {
  model,
  /** "full", or LoRA of rank 16 on all linear modules of "all" blocks or of the "last:K". */
  scope: z.string(),
  batch: z.number(),
  length: z.number(),
};

export const measurementSchema = z.discriminatedUnion('kind', [
  /** Seconds per training step: the median of `repeats` after `warmups`. */
  z.object({ kind: z.literal('step'), ...trainingFields, warmups: z.number(), repeats: z.number() }),
  /** Seconds of a whole training. What is beyond `measuredEpochs` counts as long as the last measured one. */
  z.object({
    kind: z.literal('course'),
    ...trainingFields,
    windows: z.number(),
    epochs: z.number(),
    measuredEpochs: z.number(),
  }),
  /** Seconds of one pass of all windows through the first `blocks`, without gradients: the median of `repeats` after one. */
  z.object({
    kind: z.literal('prefix'),
    model,
    blocks: z.number(),
    batch: z.number(),
    length: z.number(),
    windows: z.number(),
    repeats: z.number(),
  }),
  /** Seconds of greedy generation for all prompts: the median of `repeats` after one warm-up. */
  z.object({
    kind: z.literal('decode'),
    model,
    /** Of the weights. */
    precision: z.enum(WEIGHT_PRECISIONS),
    prompts: z.number(),
    promptTokens: z.number(),
    newTokens: z.number(),
    repeats: z.number(),
  }),
  /** Seconds of the product of two square matrices, of the size at which most is computed in a second. */
  z.object({ kind: z.literal('product'), sizes: z.array(z.number()), seconds: z.number() }),
  /** Seconds per trained token of the lab's own speed test, by which it chooses a runtime. */
  z.object({ kind: z.literal('speed'), seconds: z.number() }),
]);
export type Measurement = z.infer<typeof measurementSchema>;

export const resultSchema = z.object({
  seconds: z.number(),
  /** Course: all before the first step, part of `seconds`. Else compiling and warming up, which are not. */
  preparationSeconds: z.number(),
  /** Multiplications and additions of the matrix products that `seconds` took, where they were counted. */
  operations: z.number().nullable(),
  /** Peak resident memory of the process; null where the system does not tell. */
  peakMiB: z.number().nullable(),
  /** What the peak was before the model was made: the language and its libraries. */
  librariesMiB: z.number().nullable(),
  /** Of the last step: about ln(vocabulary) on both sides, or they do not do the same. */
  loss: z.number().nullable(),
  /** Versions, and what computes. */
  software: z.string(),
});
export type Result = z.infer<typeof resultSchema>;

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((first, second) => first - second);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
