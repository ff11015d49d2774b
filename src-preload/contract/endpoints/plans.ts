/** A run before it is started: what it will need, and whether it will work. */
import { z } from 'zod';
import { channel, rpc } from '../endpoint.ts';
import { bytes } from './common.ts';
import { recipeSchema } from './recipes.ts';

/** How many token windows the text gives; see texts.preview. */
export const windowCountsSchema = z.object({
  train: z.number().int().nonnegative(),
  heldOut: z.number().int().nonnegative(),
});
export type WindowCounts = z.infer<typeof windowCountsSchema>;

/** At least, most likely, and at most. */
export const secondsSchema = z.object({
  low: z.number().nonnegative(),
  likely: z.number().nonnegative(),
  high: z.number().nonnegative(),
});
export type Seconds = z.infer<typeof secondsSchema>;

export const howForetoldSchema = z.enum(['rough', 'checked']);
export type HowForetold = z.infer<typeof howForetoldSchema>;

export const planEstimateSchema = z.object({
  trainableParameters: z.number().int().positive(),
  totalParameters: z.number().int().positive(),
  /** Blocks with adapters, 0-based, as PEFT's `layers_to_transform` has them; null where the whole model learns. */
  blocks: z.array(z.number().int()).nullable(),
  /** What the recipe's `targetModules` may name in this model. */
  modules: z.array(z.string()),
  /** Of the engine's process at its largest, and what the computer could give now. */
  memoryBytes: bytes,
  freeMemoryBytes: bytes,
  /** Of the run's folder at its largest, and what is free where runs are kept. */
  diskBytes: bytes,
  /** Of these, of the files that keep what the frozen blocks say. */
  cacheBytes: bytes,
  freeDiskBytes: bytes,
  /** Updates of the whole run. */
  steps: z.number().int().nonnegative(),
  /** Null where neither a check has measured this model on this computer, nor the speed test the computer. */
  seconds: secondsSchema.nullable(),
  /** Where the seconds come from: "rough" is what the speed test tells of models like this one. */
  how: howForetoldSchema.nullable(),
});
export type PlanEstimate = z.infer<typeof planEstimateSchema>;

/** Another choice, with which the run would fit. */
export const fittingChoiceSchema = z.object({
  /** Such as "4 windows per step instead of 8". */
  words: z.string(),
  recipe: recipeSchema,
  memoryBytes: bytes,
  diskBytes: bytes,
});
export type FittingChoice = z.infer<typeof fittingChoiceSchema>;

export const verdictSchema = z.object({
  /** What the run would lack, if anything. */
  lacks: z.enum(['memory', 'disk']).nullable(),
  estimate: planEstimateSchema,
  /** Null where nothing was computed because it would not have fitted. */
  measured: z
    .object({
      tensors: z.number().int(),
      windows: windowCountsSchema,
      secondsPerStep: z.number().nonnegative(),
      peakMemoryBytes: bytes,
    })
    .nullable(),
  /** Rows of the text that training does not see whole: how many, and the first of them with their 1-based lines. */
  rows: z.object({
    count: z.number().int(),
    first: z.array(z.object({ line: z.number().int(), problem: z.string() })),
  }),
  /** Where something is lacking: choices that would fit. */
  choices: z.array(fittingChoiceSchema),
});
export type Verdict = z.infer<typeof verdictSchema>;

export const checkStageSchema = z.enum(['waiting', 'weights', 'text', 'step', 'done']);
export type CheckStage = z.infer<typeof checkStageSchema>;

const plan = z.object({ modelFolder: z.string(), recipe: recipeSchema });

export const plansContract = {
  /** From the headers alone. Without counts, the text is taken to give all the windows that the recipe asks for. */
  'plans.estimate': rpc(plan.extend({ windows: windowCountsSchema.nullable() }), planEstimateSchema),
  /**
   * Reads every tensor, tokenizes every row and does some steps at full size; the last packet has the verdict. What is
   * broken is an error.
   */
  'plans.check': channel(
    plan.extend({ dataFile: z.string() }),
    z.object({ stage: checkStageSchema, share: z.number().min(0).max(1), verdict: verdictSchema.nullable() }),
    (input) => input,
  ),
};
