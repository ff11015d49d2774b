/**
 * A recipe is all that decides a run besides the model and the text. The named recipes follow the papers; what a paper
 * does not give is marked as the lab's own default, never as the paper's.
 */
import { z } from 'zod';
import { LabError } from '../errors.ts';

const count = z.number().int().positive();

export const recipeSchema = z.strictObject({
  /** full, all, last:K, first:K, middle:K, blocks:a,b-c: see scope.ts. */
  scope: z.string(),
  /** Adapter rank; the adapter's output is scaled by alpha / rank. */
  rank: count,
  alpha: z.number().positive(),
  /** Linear modules with adapters: last parts of their paths ("q_proj"), or "all". */
  targetModules: z.union([z.literal('all'), z.array(z.string()).min(1)]),
  optimizer: z.enum(['adam', 'adamw']),
  learningRate: z.number().positive(),
  /** Only adamw decays weights. */
  weightDecay: z.number().nonnegative(),
  schedule: z.enum(['constant', 'warmup', 'cosine']),
  /** Steps over which the rate rises from 0 (schedules warmup and cosine). */
  warmupSteps: z.number().int().nonnegative(),
  /** Largest norm of all gradients together; null: never clipped. */
  gradientClipping: z.number().positive().nullable(),
  epochs: count,
  /** Token windows per step. */
  batch: count,
  /** Windows of a step that are computed at a time, at most: see micro-batch.ts. null: all of them. */
  microBatch: count.nullable().default(null),
  /** Compute attention's probabilities a second time for the gradient instead of keeping them. */
  recomputeAttention: z.boolean().default(false),
  /** Training windows at most. */
  windows: count,
  /** Tokens per window. */
  windowLength: z.number().int().min(2),
  windowOrder: z.enum(['random', 'first']),
  windowsPerDocument: z.enum(['all', 'first']),
  /** Held-out windows; null: a tenth of what there is, 128 at most. */
  heldOut: z.number().int().nonnegative().nullable(),
  /** Seeds the choice of windows, the order of batches and new adapters. */
  seed: z.number().int().nonnegative(),
  /** Seeds the order of batches alone; null: `seed` does, as it did before there was this field. */
  orderSeed: z.number().int().nonnegative().nullable().default(null),
  /** Stop once the mean train loss (nats) is below `loss` for `epochs` epochs in a row. */
  stopAtLoss: z.strictObject({ loss: z.number().positive(), epochs: count }).nullable(),
  /** Stop once this share of training tokens is predicted right. */
  stopAtAccuracy: z.number().min(0).max(1).nullable(),
  /** Held-out texts that are continued along the run, to see how the writing changes. */
  samples: z.number().int().nonnegative(),
  /**
   * Epochs from one writing of them to the next; null: as often as it is cheap (sample-epochs.ts). Runs from before there
   * was this field wrote at every epoch.
   */
  samplesEvery: count.nullable().default(1),
  /** Tokens of a held-out window given as prompt, and tokens written on from it. */
  promptTokens: count,
  sampleTokens: count,
  /** Keep the outputs of the frozen blocks instead of computing them every epoch. */
  prefixCache: z.boolean(),
  /** Of the numbers in that file. Half precision takes half the room and rounds; before there was this field, it was float32. */
  cachePrecision: z.enum(['float32', 'float16']).default('float32'),
  /** Keep the trained weights of every epoch, not only of the last. */
  keepEveryEpoch: z.boolean(),
});
export type Recipe = z.infer<typeof recipeSchema>;
export type RecipeField = keyof Recipe;

const MOST_MEASURED_FIRST = 64;

/** Training windows that are measured before the first step: a quarter, and no more than tell the loss well. */
export function windowsMeasuredFirst(train: number): number {
  return Math.min(MOST_MEASURED_FIRST, Math.ceil(train / 4));
}

export interface NamedRecipe {
  readonly name: string;
  readonly title: string;
  readonly source: string;
  readonly settings: Recipe;
  /** Where adapters, which begin at zero, are taught at another rate than whole models. */
  readonly adapterLearningRate: number | null;
  /** Fields that the source does not give: the lab's defaults, not the paper's. */
  readonly labDefaults: readonly RecipeField[];
}

const labFields: Recipe = {
  scope: 'full',
  rank: 16,
  alpha: 32,
  targetModules: 'all',
  optimizer: 'adam',
  learningRate: 1e-3,
  weightDecay: 0,
  schedule: 'constant',
  warmupSteps: 0,
  gradientClipping: null,
  epochs: 30,
  batch: 8,
  microBatch: null,
  recomputeAttention: false,
  windows: 2000,
  windowLength: 256,
  windowOrder: 'random',
  windowsPerDocument: 'all',
  heldOut: null,
  seed: 1,
  orderSeed: null,
  stopAtLoss: null,
  stopAtAccuracy: null,
  samples: 8,
  samplesEvery: null,
  promptTokens: 32,
  sampleTokens: 224,
  prefixCache: true,
  cachePrecision: 'float32',
  keepEveryEpoch: false,
};

export const RECIPES: readonly NamedRecipe[] = [
  {
    name: 'quick',
    title: 'Quick',
    source: 'Lab recipe for small models: a few windows, a high rate, near-zero loss within minutes.',
    settings: { ...labFields, windows: 64, sampleTokens: 96 },
    adapterLearningRate: 2e-3,
    labDefaults: Object.keys(labFields) as RecipeField[],
  },
  {
    name: 'try-it-now',
    title: 'Try it now',
    source:
      'Lab recipe for the model and the texts that come with the lab: all there is to see, in about a minute.',
    settings: {
      ...labFields,
      ...{ scope: 'last:5', rank: 32, alpha: 64, windows: 32, epochs: 20 },
      ...{ samples: 4, sampleTokens: 96, samplesEvery: 1 },
    },
    adapterLearningRate: 2e-3,
    labDefaults: Object.keys(labFields) as RecipeField[],
  },
  {
    name: 'carlsson-2025-paper',
    title: 'Carlsson 2025, paper',
    source:
      'The Hyperfitting Phenomenon, arXiv 2412.04318: Adam, 1e-6, no weight decay, 20 epochs of 2,000 × 256 tokens.',
    settings: { ...labFields, learningRate: 1e-6, epochs: 20 },
    adapterLearningRate: null,
    labDefaults: [
      'heldOut',
      'seed',
      'orderSeed',
      'windowsPerDocument',
      'gradientClipping',
      'schedule',
      'samples',
      'samplesEvery',
      'prefixCache',
      'cachePrecision',
      'microBatch',
      'recomputeAttention',
      'keepEveryEpoch',
    ],
  },
  {
    name: 'carlsson-2025-code',
    title: 'Carlsson 2025, code',
    source:
      'github.com/FreddeFrallan/Hyperfitting: AdamW, 5e-6, weight decay 0.01, 30 epochs, the first 2,000 texts that fill a window.',
    settings: {
      ...labFields,
      optimizer: 'adamw',
      learningRate: 5e-6,
      weightDecay: 0.01,
      windowOrder: 'first',
      windowsPerDocument: 'first',
      heldOut: 128,
    },
    adapterLearningRate: null,
    labDefaults: [
      'seed',
      'orderSeed',
      'samples',
      'samplesEvery',
      'prefixCache',
      'cachePrecision',
      'microBatch',
      'recomputeAttention',
      'keepEveryEpoch',
    ],
  },
  {
    name: 'li-2026-late-stage',
    title: 'Li 2026, Late-Stage LoRA',
    source:
      'Beyond Temperature, arXiv 2605.22579: adapters on the last five blocks, 2,000 samples, 260 epochs, no regularization.',
    settings: { ...labFields, scope: 'last:5', learningRate: 1e-4, epochs: 260 },
    adapterLearningRate: null,
    labDefaults: [
      'rank',
      'alpha',
      'targetModules',
      'optimizer',
      'learningRate',
      'schedule',
      'batch',
      'windowLength',
      'windowOrder',
      'windowsPerDocument',
      'gradientClipping',
      'heldOut',
      'seed',
      'orderSeed',
      'samples',
      'samplesEvery',
      'promptTokens',
      'sampleTokens',
      'prefixCache',
      'cachePrecision',
      'microBatch',
      'recomputeAttention',
      'keepEveryEpoch',
    ],
  },
];

/** A recipe's settings where this learns: adapters may be taught at another rate than whole models. */
export function settingsFor({ settings, adapterLearningRate }: NamedRecipe, scope: string): Recipe {
  const learningRate = (scope === 'full' ? null : adapterLearningRate) ?? settings.learningRate;
  return { ...settings, scope, learningRate };
}

export function findRecipe(name: string): NamedRecipe {
  const found = RECIPES.find((recipe) => recipe.name === name);
  if (found) return found;
  const names = RECIPES.map((recipe) => recipe.name);
  throw new LabError('bad-argument', `There is no recipe "${name}". The recipes are ${names.join(', ')}.`, {
    recipe: name,
    names,
  });
}
