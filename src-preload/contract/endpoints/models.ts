/** Models to choose from. */
import { z } from 'zod';
import { rpc } from '../endpoint.ts';
import { wireErrorSchema } from '../errors.ts';
import { bytes, movedSchema, nothing } from './common.ts';

export const modelSchema = z.object({
  folder: z.string(),
  name: z.string(),
  /** Comes with the lab. */
  bundled: z.boolean(),
  /** Its folder is not there any more. */
  missing: z.boolean(),
  /** Its files are others than when it was added: runs that were begun with those cannot go on. */
  changed: z.boolean(),
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
      /** As the folder states it; null where it does not. */
      licence: z.string().nullable(),
      /** An estimate, by scope ("full", "all", "last:5"). */
      trainingMemoryBytes: z.record(z.string(), bytes),
    })
    .nullable(),
  problem: wireErrorSchema.nullable(),
});
export type Model = z.infer<typeof modelSchema>;

/** A model on this computer that was not added. */
export const foundModelSchema = z.object({
  folder: z.string(),
  name: z.string(),
  /** Null where it cannot be used: see `problem`. */
  bytesOnDisk: bytes.nullable(),
  problem: wireErrorSchema.nullable(),
});
export type FoundModel = z.infer<typeof foundModelSchema>;

export const modelsContract = {
  'models.list': rpc(nothing, z.array(modelSchema)),
  /** In the cache of Hugging Face's programs, without those that were added. */
  'models.found': rpc(nothing, z.array(foundModelSchema)),
  /** Refuses what the lab cannot compute. */
  'models.add': rpc(z.object({ folder: z.string() }), modelSchema),
  /** Forgets it; the folder stays. */
  'models.remove': rpc(z.object({ folder: z.string() }), nothing),
  /** Tells the lab where a folder lies now: runs that name the old place find it. */
  'models.move': rpc(
    z.object({ folder: z.string(), to: z.string(), evenIfDifferent: z.boolean() }),
    movedSchema,
  ),
};
