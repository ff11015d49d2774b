/**
 * What one process of a contender is asked to do, and what it answers. The question goes to it as JSON, as its only
 * argument; the answer is the last line of its output. ours.ts and peers.py both speak this.
 */
import { z } from 'zod';

/** A Llama's config.json, as far as it sets the size. */
const modelSchema = z.object({
  model_type: z.literal('llama'),
  hidden_size: z.number(),
  intermediate_size: z.number(),
  num_hidden_layers: z.number(),
  num_attention_heads: z.number(),
  num_key_value_heads: z.number(),
  vocab_size: z.number(),
  max_position_embeddings: z.number(),
  tie_word_embeddings: z.boolean(),
});

const trainingFields = {
  model: modelSchema,
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
  /** Seconds of greedy generation for all prompts: the median of `repeats` after one warm-up. */
  z.object({
    kind: z.literal('decode'),
    model: modelSchema,
    prompts: z.number(),
    promptTokens: z.number(),
    newTokens: z.number(),
    repeats: z.number(),
  }),
]);
export type Measurement = z.infer<typeof measurementSchema>;
export type ModelSize = z.infer<typeof modelSchema>;

export const resultSchema = z.object({
  seconds: z.number(),
  /** Step, decode: compiling and warming up, not part of `seconds`. Course: all before the first step, part of it. */
  preparationSeconds: z.number(),
  /** Peak resident memory of the process; null where the system does not tell. */
  peakMiB: z.number().nullable(),
  /** What the peak was before the model was made: the language and its libraries. */
  librariesMiB: z.number().nullable(),
  /** Of the last step: about ln(vocabulary) on both sides, or they do not do the same. */
  loss: z.number().nullable(),
  /** Versions. */
  software: z.string(),
});
export type Result = z.infer<typeof resultSchema>;

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((first, second) => first - second);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
