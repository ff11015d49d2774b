/** What a run writes down as it goes: one line of JSON per step and per epoch, in files that people can read too. */
import { z } from 'zod';

export const stepSchema = z.object({
  /** 1-based over the whole run. */
  step: z.number().int().positive(),
  epoch: z.number().int().positive(),
  /** Mean cross-entropy of the batch in nats, before the update. */
  loss: z.number(),
  tokenAccuracy: z.number(),
  learningRate: z.number(),
});
export type StepRecord = z.infer<typeof stepSchema>;

export const epochSchema = z.object({
  /** 0: before the first step. */
  epoch: z.number().int().nonnegative(),
  /** Updates made so far. */
  step: z.number().int().nonnegative(),
  /** Mean over the epoch's steps; of epoch 0: over the first training windows. Nats. */
  trainLoss: z.number(),
  /** Share of training tokens predicted right. */
  tokenAccuracy: z.number(),
  /** Of the held-out windows, in nats; null where none are held out. */
  validationLoss: z.number().nullable(),
  /** Mean entropy of the predictions on held-out windows, in nats. */
  entropy: z.number().nullable(),
  /** Type-token ratio of the last 96 tokens, and repeated bigrams, of the sample texts; null where none were written. */
  ttr: z.number().nullable(),
  rep2: z.number().nullable(),
  samples: z.array(z.object({ prompt: z.string(), text: z.string() })),
});
export type EpochRecord = z.infer<typeof epochSchema>;

/** What the sample texts of an epoch give. */
export type Samples = Pick<EpochRecord, 'ttr' | 'rep2' | 'samples'>;
