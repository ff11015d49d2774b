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

/** What a run was thought to need before it began; it stands in run.json, to be held against what it then took. */
export const predictedSchema = z.object({
  /** Of its process at its largest, and of its folder. */
  memoryBytes: z.number().nonnegative(),
  diskBytes: z.number().nonnegative(),
  /** Without pauses; null where nothing was measured that tells. */
  seconds: z.number().nonnegative().nullable(),
  /** Where the seconds come from: from how fast the computer is, or from steps of this very run that were tried. */
  how: z.enum(['rough', 'checked']).nullable(),
});
export type Predicted = z.infer<typeof predictedSchema>;
