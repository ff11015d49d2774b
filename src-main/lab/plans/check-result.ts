/** What a check in an engine process has found: see check-plan.ts. */
import { z } from 'zod';

/** Of the short run, a step each: the first one warms up. */
export const EPOCHS_TRIED = 3;

const timesSchema = z.object({ fastest: z.number(), slowest: z.number() });
export type Times = z.infer<typeof timesSchema>;

export const checkResultSchema = z.object({
  tensors: z.number(),
  windows: z.object({ train: z.number(), heldOut: z.number() }),
  rows: z.object({
    count: z.number(),
    first: z.array(z.object({ line: z.number(), problem: z.string() })),
  }),
  /** Seconds of one step; of what comes at the end of an epoch; of one more token of all samples. */
  step: timesSchema,
  epochEnd: timesSchema,
  writtenToken: z.number(),
  /** Windows measured at the end of each of these epochs. */
  measuredWindows: z.number(),
  /** Of opening the model and of all that was tried together: what is done once is in it. */
  seconds: z.number(),
  peakMemoryBytes: z.number(),
});
export type CheckResult = z.infer<typeof checkResultSchema>;
