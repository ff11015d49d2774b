/**
 * What an engine process is asked, and what it tells. Jobs run in processes of their own: when native code aborts or runs
 * out of memory, that process ends and nothing else; ending it is also what gives a graphics card's memory back.
 * A new kind of job is a schema and a lane here, and a case in engine-process.ts.
 */
import { z } from 'zod';
import { textTailSchema, weightPrecisionSchema } from '../../../src-preload/contract/endpoints/comparison.ts';
import { checkStageSchema } from '../../../src-preload/contract/endpoints/plans.ts';
import { wireErrorSchema } from '../../../src-preload/contract/errors.ts';
import { decodingSchema } from '../../engine/generation/decoding.ts';
import { PRODUCTS } from '../../engine/runtimes/runtime.ts';
import { textColumnsSchema } from '../../engine/text/documents/columns.ts';
import { checkpointFilesSchema } from '../../engine/training/checkpoints.ts';
import { recipeSchema } from '../../engine/training/recipe.ts';
import { epochSchema, predictedSchema, stepSchema } from '../../engine/training/records.ts';

const hyperfitJobSchema = z.strictObject({
  kind: z.literal('hyperfit'),
  model: z.string(),
  data: z.string(),
  columns: textColumnsSchema.optional(),
  recipe: recipeSchema,
  recipeName: z.string().nullable(),
  runtime: z.string(),
  threads: z.int().positive().optional(),
  products: z.enum(PRODUCTS).optional(),
  out: z.string(),
  resume: z.boolean(),
  predicted: predictedSchema.optional(),
});

/** What was trained on, as TrainingSource of texts/training-text.ts. */
const trainingSchema = z.strictObject({
  data: z.string(),
  columns: textColumnsSchema.optional(),
  recipe: recipeSchema.nullable(),
});

/** One arm of a comparison: all of its texts in one batch. */
const writeJobSchema = z.strictObject({
  kind: z.literal('write'),
  model: z.string(),
  adapter: z.string().nullable(),
  weights: weightPrecisionSchema,
  decoding: decodingSchema,
  prompts: z.array(z.string()),
  maxNewTokens: z.number().int().positive(),
  seed: z.number().int(),
  runtime: z.string(),
  threads: z.int().positive().optional(),
  atEnd: z.enum(['stop', 'forbid']),
  training: trainingSchema.optional(),
});

/** See comparison/predict.ts. */
const placeSchema = z.strictObject({
  prompt: z.string(),
  tokens: z.array(z.int().nonnegative()),
  text: z.string(),
  next: z.strictObject({ token: z.int().nonnegative(), piece: z.string() }).nullable(),
  tokensOf: z.string(),
});

/** What an arm would write next. */
const predictJobSchema = z.strictObject({
  kind: z.literal('predict'),
  model: z.string(),
  adapter: z.string().nullable(),
  weights: weightPrecisionSchema,
  place: placeSchema,
  runtime: z.string(),
  threads: z.int().positive().optional(),
});

/** What an arm would write after a token that a person chose. */
const branchJobSchema = z.strictObject({
  kind: z.literal('branch'),
  model: z.string(),
  adapter: z.string().nullable(),
  weights: weightPrecisionSchema,
  decoding: decodingSchema,
  place: placeSchema,
  token: z.int().nonnegative(),
  maxNewTokens: z.int().positive(),
  seed: z.number().int(),
  training: trainingSchema.optional(),
  runtime: z.string(),
  threads: z.int().positive().optional(),
});

/** Where in the training text a run of tokens stands that a text has copied. */
const copiedJobSchema = z.strictObject({
  kind: z.literal('copied'),
  model: z.string(),
  training: trainingSchema,
  tokens: z.array(z.int().nonnegative()),
});

/** Beginnings of windows that a recipe holds out, and how they go on. */
const heldOutJobSchema = z.strictObject({
  kind: z.literal('held-out'),
  model: z.string(),
  data: z.string(),
  columns: textColumnsSchema.optional(),
  recipe: recipeSchema,
  count: z.int().positive(),
  tokens: z.int().positive(),
});

const promptsJobSchema = z.strictObject({ kind: z.literal('prompts'), file: z.string() });

const previewJobSchema = z.strictObject({
  kind: z.literal('preview'),
  model: z.string(),
  data: z.string(),
  columns: textColumnsSchema.optional(),
  recipe: recipeSchema,
});

const inspectJobSchema = z.strictObject({
  kind: z.literal('inspect'),
  data: z.string(),
  columns: textColumnsSchema.optional(),
});

/** Makes a result, or a state that is kept, of a run that is not being computed. */
const publishJobSchema = z.strictObject({
  kind: z.literal('publish'),
  out: z.string(),
  as: z.enum(['result', 'kept']),
});

const speedJobSchema = z.strictObject({
  kind: z.literal('speed'),
  /** Of products of matrices, or of training and writing too. */
  of: z.enum(['products', 'all']),
  /** config.json of the model whose shape is measured; null: a small one. */
  config: z.record(z.string(), z.unknown()).nullable(),
  runtime: z.string(),
  threads: z.int().positive(),
});

/** One of the papers' experiments: see experiments/registry.ts, which knows what is asked and found. */
const experimentJobSchema = z.strictObject({
  kind: z.literal('experiment'),
  experiment: z.string(),
  request: z.unknown(),
  /** What was found before it was stopped. */
  previous: z.unknown(),
  /** Where runs that it trains are kept. */
  folder: z.string(),
  runtime: z.string(),
  threads: z.int().positive().optional(),
});

const checkJobSchema = z.strictObject({
  kind: z.literal('check'),
  model: z.string(),
  data: z.string(),
  columns: textColumnsSchema.optional(),
  recipe: recipeSchema,
  runtime: z.string(),
  threads: z.int().positive().optional(),
  products: z.enum(PRODUCTS).optional(),
});

export const jobSchema = z.discriminatedUnion('kind', [
  hyperfitJobSchema,
  writeJobSchema,
  predictJobSchema,
  branchJobSchema,
  copiedJobSchema,
  heldOutJobSchema,
  promptsJobSchema,
  previewJobSchema,
  inspectJobSchema,
  publishJobSchema,
  checkJobSchema,
  speedJobSchema,
  experimentJobSchema,
]);
export type Job = z.infer<typeof jobSchema>;

/**
 * What a job takes. "training" and "writing" need the whole machine, so one of them runs at a time and training comes first;
 * the process that writes stays, with its model, for the next. What goes "aside" takes little and waits for nobody.
 */
export type Lane = 'training' | 'writing' | 'aside';
export const LANES: Readonly<Record<Job['kind'], Lane>> = {
  hyperfit: 'training',
  write: 'writing',
  predict: 'writing',
  branch: 'writing',
  copied: 'aside',
  'held-out': 'aside',
  prompts: 'aside',
  preview: 'aside',
  inspect: 'aside',
  publish: 'aside',
  // It measures what training takes, so it must be as alone as training is.
  check: 'training',
  // It measures nothing where something else computes.
  speed: 'training',
  experiment: 'training',
};

export const wishSchema = z.enum(['finish', 'keep']);
export type Wish = z.infer<typeof wishSchema>;

export const toEngineSchema = z.discriminatedUnion('kind', [
  /** Comes when the job before is done. */
  z.strictObject({ kind: z.literal('start'), job: jobSchema }),
  /** Stop the job in an orderly way: a training run keeps a checkpoint first. */
  z.strictObject({ kind: z.literal('stop') }),
  /** Of a training run: to end after the step under way as if it were the last, or to keep the state after it. */
  z.strictObject({ kind: z.literal('wish'), wish: wishSchema }),
  /** There is no more work: give everything back, and end. */
  z.strictObject({ kind: z.literal('end') }),
]);
export type ToEngine = z.infer<typeof toEngineSchema>;

export const jobEventSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('windows'),
    train: z.number(),
    heldOut: z.number(),
    notes: z.array(z.string()),
  }),
  z.object({ kind: z.literal('prefix'), share: z.number() }),
  z.object({ kind: z.literal('step'), record: stepSchema, totalSteps: z.number(), seconds: z.number() }),
  z.object({ kind: z.literal('epoch'), record: epochSchema, seconds: z.number() }),
  z.object({ kind: z.literal('checkpoint'), checkpoint: checkpointFilesSchema }),
  z.object({ kind: z.literal('disk'), largestBytes: z.number() }),
  z.object({ kind: z.literal('stopped'), reason: z.string() }),
  z.object({ kind: z.literal('written'), tails: z.array(textTailSchema) }),
  z.object({ kind: z.literal('checking'), stage: checkStageSchema, share: z.number() }),
  z.object({ kind: z.literal('measuring'), share: z.number() }),
  /** How fast it trains is known, how fast it writes is not yet. */
  z.object({ kind: z.literal('trained'), trainedTokensPerSecond: z.number(), matmulGflops: z.number() }),
  z.object({ kind: z.literal('experimenting'), share: z.number(), stage: z.string() }),
  /** All that was found so far. */
  z.object({ kind: z.literal('found'), results: z.unknown() }),
]);
export type JobEvent = z.infer<typeof jobEventSchema>;

export const fromEngineSchema = z.discriminatedUnion('kind', [
  /** Comes every second: a process that computes but no longer answers is known by its absence. */
  z.strictObject({ kind: z.literal('alive'), memoryBytes: z.number(), peakMemoryBytes: z.number() }),
  /** It tried to reach another computer: see privacy/connections.ts. */
  z.strictObject({ kind: z.literal('connected'), host: z.string() }),
  z.strictObject({ kind: z.literal('event'), event: jobEventSchema }),
  z.strictObject({ kind: z.literal('done'), result: z.unknown() }),
  z.strictObject({ kind: z.literal('failed'), error: wireErrorSchema }),
]);
export type FromEngine = z.infer<typeof fromEngineSchema>;
