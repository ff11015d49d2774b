/** What "Does it copy?" finds: see copying.ts. */
import { z } from 'zod';

const armSchema = z.object({
  /** "blocked": the tuned model with the citation blocker. */
  arm: z.enum(['base', 'tuned', 'blocked']),
  /** Of each text, in the prompts' order. */
  overlaps: z.array(z.int()),
  datasetBleu: z.array(z.number()),
  ttr: z.array(z.number()),
  rep2: z.array(z.number()),
  /** The longest of the runs, in context. */
  passages: z.array(
    z.object({
      before: z.string(),
      marked: z.string(),
      after: z.string(),
      tokens: z.int(),
      /** Where the run stands for the first time: line of the file, and training window from 1; null where whole documents are. */
      line: z.int(),
      window: z.int().nullable(),
    }),
  ),
});
export type CopyingArm = z.infer<typeof armSchema>;

export const copyingResultsSchema = z.object({
  texts: z.int(),
  maxNewTokens: z.int(),
  seed: z.int(),
  training: z.object({ file: z.string(), windows: z.int(), tokens: z.int(), isWhole: z.boolean() }),
  /** Those that are written. */
  arms: z.array(armSchema),
});
export type CopyingResults = z.infer<typeof copyingResultsSchema>;
