/** What "Where the words come from" finds: see rank-origin.ts. */
import { z } from 'zod';
import { RANK_BUCKETS } from '../../../engine/analysis/rank-origin.ts';

const share = z.number().nullable();
const originSchema = z.object({
  tokens: z.number().int(),
  buckets: z.array(z.number().int()).length(RANK_BUCKETS.length),
  overrideShare: share,
  deepTailOfAll: share,
  deepTailOfOverrides: share,
});

export const rankOriginResultsSchema = originSchema.extend({
  /** Greedy texts of the tuned model, whose tokens are counted above. */
  texts: z.number().int(),
  /** The overrides of highest rank, in context. */
  examples: z.array(
    z.object({
      before: z.string(),
      marked: z.string(),
      after: z.string(),
      rank: z.number().int(),
      /** What the base would have written there. */
      preferred: z.string(),
    }),
  ),
  /** The same for the tuned model's first choice at each position of the given texts; null: not computed yet. */
  fixedTexts: originSchema.nullable(),
});
export type RankOriginResults = z.infer<typeof rankOriginResultsSchema>;
