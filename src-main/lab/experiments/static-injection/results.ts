/** What "Not a liking for some words" finds: see static-injection.ts. */
import { z } from 'zod';
import { varietySchema } from '../variety.ts';

export const staticInjectionResultsSchema = z.object({
  /** Of the given texts, over which the gains are means. */
  positions: z.number().int(),
  topTokens: z.number().int(),
  /** At most so many as were asked for, the largest gain first; see engine/analysis/static-injection.ts. */
  lifted: z.array(
    z.object({ token: z.number().int(), piece: z.string(), rankGain: z.number(), delta: z.number() }),
  ),
  texts: z.number().int(),
  /** Greedy texts of the tuned model, then of the base: α 0, and each strength that is computed by now, rising. */
  tuned: varietySchema,
  strengths: z.array(varietySchema.extend({ strength: z.number().nonnegative() })),
  /**
   * Spearman's ρ between the strengths above 0 and TTR, and −rep-2. Null where a measure never changes, or too few strengths
   * are computed.
   */
  spearman: z.object({ ttr: z.number().nullable(), rep2: z.number().nullable() }),
});
export type StaticInjectionResults = z.infer<typeof staticInjectionResultsSchema>;
