/**
 * What an engine process is asked, and what it tells. Jobs run in processes of their own: when native code aborts or runs
 * out of memory, that process ends and nothing else; ending it is also what gives a graphics card's memory back.
 */
import { z } from 'zod';
import { wireErrorSchema } from '../../../src-preload/contract/errors.ts';
import { decodingSchema } from '../../engine/generation/decoding.ts';
import { recipeSchema } from '../../engine/training/recipe.ts';
import { epochSchema, stepSchema } from '../../engine/training/records.ts';

export const hyperfitJobSchema = z.strictObject({
  kind: z.literal('hyperfit'),
  model: z.string(),
  data: z.string(),
  recipe: recipeSchema,
  recipeName: z.string().nullable(),
  runtime: z.string(),
  out: z.string(),
  resume: z.boolean(),
});

export const compareJobSchema = z.strictObject({
  kind: z.literal('compare'),
  arms: z.array(
    z.strictObject({
      name: z.string(),
      model: z.string(),
      adapter: z.string().nullable(),
      decoding: decodingSchema,
    }),
  ),
  prompts: z.array(z.string()),
  maxNewTokens: z.number().int().positive(),
  seed: z.number().int(),
  runtime: z.string(),
  trainingText: z.string().optional(),
  atEnd: z.enum(['stop', 'forbid']),
});

export const previewJobSchema = z.strictObject({
  kind: z.literal('preview'),
  model: z.string(),
  data: z.string(),
  recipe: recipeSchema,
});

export const jobSchema = z.discriminatedUnion('kind', [
  hyperfitJobSchema,
  compareJobSchema,
  previewJobSchema,
]);
export type Job = z.infer<typeof jobSchema>;

export const toEngineSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('start'), job: jobSchema }),
  /** Stop in an orderly way: a training run keeps a checkpoint first. */
  z.strictObject({ kind: z.literal('stop') }),
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
  z.object({ kind: z.literal('step'), record: stepSchema, totalSteps: z.number() }),
  z.object({ kind: z.literal('epoch'), record: epochSchema }),
  z.object({ kind: z.literal('stopped'), reason: z.string() }),
  z.object({ kind: z.literal('writing'), share: z.number() }),
]);
export type JobEvent = z.infer<typeof jobEventSchema>;

export const fromEngineSchema = z.discriminatedUnion('kind', [
  /** Comes every second: a process that computes but no longer answers is known by its absence. */
  z.strictObject({ kind: z.literal('alive'), memoryBytes: z.number() }),
  z.strictObject({ kind: z.literal('event'), event: jobEventSchema }),
  z.strictObject({ kind: z.literal('done'), result: z.unknown() }),
  z.strictObject({ kind: z.literal('failed'), error: wireErrorSchema }),
]);
export type FromEngine = z.infer<typeof fromEngineSchema>;
