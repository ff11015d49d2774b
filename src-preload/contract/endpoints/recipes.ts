/** What decides a run besides model and text. */
import { z } from 'zod';
import { rpc } from '../endpoint.ts';
import { nothing } from './common.ts';

/** What training settings are: see engine/training/recipe.ts for each field. */
export const recipeSchema = z.object({
  scope: z.string(),
  rank: z.number().int().positive(),
  alpha: z.number().positive(),
  targetModules: z.union([z.literal('all'), z.array(z.string()).min(1)]),
  optimizer: z.enum(['adam', 'adamw']),
  learningRate: z.number().positive(),
  weightDecay: z.number().nonnegative(),
  schedule: z.enum(['constant', 'warmup', 'cosine']),
  warmupSteps: z.number().int().nonnegative(),
  gradientClipping: z.number().positive().nullable(),
  epochs: z.number().int().positive(),
  batch: z.number().int().positive(),
  microBatch: z.number().int().positive().nullable().default(null),
  recomputeAttention: z.boolean().default(false),
  windows: z.number().int().positive(),
  windowLength: z.number().int().min(2),
  windowOrder: z.enum(['random', 'first']),
  windowsPerDocument: z.enum(['all', 'first']),
  heldOut: z.number().int().nonnegative().nullable(),
  seed: z.number().int().nonnegative(),
  orderSeed: z.number().int().nonnegative().nullable().default(null),
  stopAtLoss: z.object({ loss: z.number().positive(), epochs: z.number().int().positive() }).nullable(),
  stopAtAccuracy: z.number().min(0).max(1).nullable(),
  samples: z.number().int().nonnegative(),
  samplesEvery: z.number().int().positive().nullable().default(1),
  promptTokens: z.number().int().positive(),
  sampleTokens: z.number().int().positive(),
  prefixCache: z.boolean(),
  cachePrecision: z.enum(['float32', 'float16']).default('float32'),
  keepEveryEpoch: z.boolean(),
});
export type Recipe = z.infer<typeof recipeSchema>;

export const namedRecipeSchema = z.object({
  name: z.string(),
  title: z.string(),
  /** Where its settings come from. */
  source: z.string(),
  settings: recipeSchema,
  /** Of adapters, where it differs. */
  adapterLearningRate: z.number().positive().nullable(),
  /** Fields that the source does not give. */
  labDefaults: z.array(z.string()),
});
export type NamedRecipe = z.infer<typeof namedRecipeSchema>;

export const recipesContract = {
  'recipes.list': rpc(nothing, z.array(namedRecipeSchema)),
};
