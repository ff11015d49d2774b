/** What "Variety along a text" finds: see ttr-position.ts. */
import { z } from 'zod';

const rangeSchema = z.object({ mean: z.number(), low: z.number(), high: z.number() });

const lineSchema = z.object({
  /** "human": how the texts that the beginnings were taken from really go on. */
  writer: z.enum(['base', 'tuned', 'human']),
  texts: z.int(),
  /** Tokens after the beginning that the window ends with, and the mean over texts of the TTR in it. */
  points: z.array(z.tuple([z.int(), z.number()])),
  band: z.array(z.tuple([z.number(), z.number()])),
  /** First window less last window. */
  decrease: rangeSchema,
});
export type WriterLine = z.infer<typeof lineSchema>;

export const ttrPositionResultsSchema = z.object({
  window: z.int(),
  /** Written tokens of each text. */
  tokens: z.int(),
  lines: z.array(lineSchema),
  /** The base's decrease less the tuned model's, prompt by prompt; null where one of them is not written yet. */
  slower: rangeSchema.nullable(),
});
export type TtrPositionResults = z.infer<typeof ttrPositionResultsSchema>;
