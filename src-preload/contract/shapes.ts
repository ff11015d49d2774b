/** The things that page and lab speak of. Engine and store have schemas of their own; TypeScript holds them against these. */
import { z } from 'zod';
import { wireErrorSchema } from './errors.ts';

const bytes = z.number().nonnegative();
const time = z.iso.datetime();

export const modelSchema = z.object({
  folder: z.string(),
  name: z.string(),
  /** Comes with the lab. */
  bundled: z.boolean(),
  /** Null where the folder is gone, broken or of a kind that the lab does not compute: see `problem`. */
  summary: z
    .object({
      architecture: z.string(),
      blocks: z.number().int().positive(),
      width: z.number().int().positive(),
      contextLength: z.number().int().positive(),
      vocabularySize: z.number().int().positive(),
      parameters: z.number().int().positive(),
      bytesOnDisk: bytes,
      /** An estimate, by scope ("full", "all", "last:5"). */
      trainingMemoryBytes: z.record(z.string(), bytes),
    })
    .nullable(),
  problem: wireErrorSchema.nullable(),
});
export type Model = z.infer<typeof modelSchema>;

export const textFileSchema = z.object({
  file: z.string(),
  name: z.string(),
  bundled: z.boolean(),
  /** Null where the file is gone. */
  bytes: bytes.nullable(),
});
export type TextFile = z.infer<typeof textFileSchema>;

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
  windows: z.number().int().positive(),
  windowLength: z.number().int().min(2),
  windowOrder: z.enum(['random', 'first']),
  windowsPerDocument: z.enum(['all', 'first']),
  heldOut: z.number().int().nonnegative().nullable(),
  seed: z.number().int().nonnegative(),
  stopAtLoss: z.object({ loss: z.number().positive(), epochs: z.number().int().positive() }).nullable(),
  stopAtAccuracy: z.number().min(0).max(1).nullable(),
  samples: z.number().int().nonnegative(),
  promptTokens: z.number().int().positive(),
  sampleTokens: z.number().int().positive(),
  prefixCache: z.boolean(),
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

export const runRequestSchema = z.object({
  name: z.string().min(1),
  modelFolder: z.string(),
  dataFile: z.string(),
  recipeName: z.string().nullable(),
  recipe: recipeSchema,
});
export type RunRequest = z.infer<typeof runRequestSchema>;

export const runStateSchema = z.enum(['waiting', 'running', 'finished', 'paused', 'interrupted', 'failed']);
export type RunState = z.infer<typeof runStateSchema>;

export const runSchema = runRequestSchema.extend({
  id: z.number().int(),
  created: time,
  folder: z.string(),
  state: runStateSchema,
  /** Why it is interrupted or failed. */
  error: wireErrorSchema.nullable(),
  /** Updates done, and of the last step. */
  steps: z.number().int().nonnegative(),
  /** Null before the first epoch is measured. */
  lastEpoch: z.number().int().nonnegative().nullable(),
  trainLoss: z.number().nullable(),
});
export type Run = z.infer<typeof runSchema>;

export const stepSchema = z.object({
  step: z.number().int().positive(),
  epoch: z.number().int().positive(),
  loss: z.number(),
  tokenAccuracy: z.number(),
  learningRate: z.number(),
});
export type Step = z.infer<typeof stepSchema>;

export const epochSchema = z.object({
  epoch: z.number().int().nonnegative(),
  step: z.number().int().nonnegative(),
  trainLoss: z.number(),
  tokenAccuracy: z.number(),
  validationLoss: z.number().nullable(),
  entropy: z.number().nullable(),
  ttr: z.number().nullable(),
  rep2: z.number().nullable(),
  samples: z.array(z.object({ prompt: z.string(), text: z.string() })),
});
export type Epoch = z.infer<typeof epochSchema>;

/** A side of a comparison: the model as it is, or as a run made it. */
export const armSchema = z.object({
  name: z.string(),
  modelFolder: z.string(),
  run: z.number().int().nullable(),
});
export type Arm = z.infer<typeof armSchema>;

export const armTextsSchema = z.object({
  name: z.string(),
  metrics: z.record(z.string(), z.number()),
  texts: z.array(z.string()),
  /** Token ids of each text and what each stands for: together they give the text. */
  tokens: z.array(z.array(z.number())),
  pieces: z.array(z.array(z.string())),
  /** Of each token: how often a run of tokens that it stands in came before in the same text. */
  depths: z.array(z.array(z.number())),
});
export type ArmTexts = z.infer<typeof armTextsSchema>;

/** A text as a model would be trained on it. */
export const previewSchema = z.object({
  report: z.object({
    documents: z.number(),
    tokens: z.number(),
    documentsTooShort: z.number(),
    tokensLeftOver: z.number(),
    duplicates: z.number(),
    available: z.number(),
    train: z.number(),
    heldOut: z.number(),
    /** What was changed or left out, in plain words. */
    notes: z.array(z.string()),
  }),
  /** Of the first windows: the line at which the document begins, and what each token stands for. */
  windows: z.array(z.object({ line: z.number(), pieces: z.array(z.string()) })),
});
export type Preview = z.infer<typeof previewSchema>;

export const jobSchema = z.object({
  id: z.number().int(),
  kind: z.enum(['hyperfit', 'compare', 'preview']),
  state: z.enum(['waiting', 'running']),
  memoryBytes: bytes.nullable(),
  silent: z.boolean(),
});

export const settingsSchema = z.object({ theme: z.enum(['system', 'light', 'dark']) });
export type Settings = z.infer<typeof settingsSchema>;

export const folderListSchema = z.object({
  folder: z.string(),
  /** Null at a root. */
  parent: z.string().nullable(),
  entries: z.array(
    z.object({ name: z.string(), path: z.string(), isFolder: z.boolean(), isModel: z.boolean() }),
  ),
});
export type FolderList = z.infer<typeof folderListSchema>;
