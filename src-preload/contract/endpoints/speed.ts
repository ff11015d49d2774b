/** How fast this computer trains and writes, measured on each runtime that it has. */
import { z } from 'zod';
import { channel, signal } from '../endpoint.ts';
import { time } from './common.ts';

/** "tensorflow" is there only where it was installed: see packs.ts. */
export const runtimeSchema = z.enum(['cpu', 'webgpu', 'tensorflow']);
export type RuntimeChoice = z.infer<typeof runtimeSchema>;

export const speedResultSchema = z.object({
  runtime: runtimeSchema,
  /** What computed, as people call it. */
  device: z.string(),
  /** Of the processor, with which it was fastest; null where another number was not tried, or another device computes. */
  threads: z.number().int().positive().nullable().default(null),
  /** Of the report's model; null where it could not be measured. */
  speed: z
    .object({
      trainedTokensPerSecond: z.number().positive(),
      /** Null where only training could be measured, such as of a model that is too large to be there as a whole. */
      writtenTokensPerSecond: z.number().positive().nullable(),
      matmulGflops: z.number().positive(),
    })
    .nullable(),
  /** Why it, or a part of it, could not be measured. */
  problem: z.string().nullable(),
});
export type SpeedResult = z.infer<typeof speedResultSchema>;

export const speedReportSchema = z.object({
  measured: time,
  /** Whose shape the model had; null: a small model that is the same everywhere. */
  modelFolder: z.string().nullable().default(null),
  results: z.array(speedResultSchema),
  /** What "auto" stands for. */
  fastest: runtimeSchema,
});
export type SpeedReport = z.infer<typeof speedReportSchema>;

/** What runs, checks and comparisons that begin now compute on. */
export const computingSchema = z.object({
  runtime: runtimeSchema,
  /** A person has set it; it is the fastest of what is here; or nothing was measured, and it is what works everywhere. */
  why: z.enum(['set', 'fastest', 'unmeasured']),
  /** Of the processor: as set, as measured to be the fastest, or all. */
  threads: z.number().int().positive(),
});
export type ComputingChoice = z.infer<typeof computingSchema>;

export const speedContract = {
  computing: signal(computingSchema),
  /** The last test; null before the first. */
  speed: signal(speedReportSchema.nullable()),
  /** Measures all runtimes, one after the other, with a model of this shape, or the small one. A test that was cut off begins anew; what it finds is kept at its end. */
  'speed.test': channel(
    z.object({ modelFolder: z.string().nullable() }),
    z.object({
      /** What is measured now, and how much of it is done. */
      runtime: runtimeSchema,
      share: z.number().min(0).max(1),
      /** What is measured already. */
      results: z.array(speedResultSchema),
    }),
    (input) => input,
  ),
};
