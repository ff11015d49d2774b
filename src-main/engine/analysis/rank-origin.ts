/**
 * Where the tokens that a tuned model prefers stood with the model that it comes from: r = rank under the base's logits at
 * the same prefix, 1 for the base's own choice. After Li et al. 2026, by summaries of the paper; which denominator their
 * share of the deep tail has is not known, so both are told.
 */
import { argMax, rankOf } from './diversity/predictions.ts';
import type { ModelReader } from './model-reader.ts';

/** Each to this rank; the last has no end. */
export const RANK_BUCKETS = [
  { name: '1', upTo: 1 },
  { name: '2–10', upTo: 10 },
  { name: '11–50', upTo: 50 },
  { name: '51–200', upTo: 200 },
  { name: '> 200', upTo: Number.POSITIVE_INFINITY },
] as const;
/** Ranks above this are the deep tail. */
export const DEEP_TAIL = 10;

/** Shares are 0 to 1, null without anything to take a share of. */
export interface RankOrigin {
  readonly tokens: number;
  /** How many ranks fall in each of RANK_BUCKETS; together `tokens`. */
  readonly buckets: number[];
  /** Ranks above 1: the base would have chosen another token. */
  readonly overrideShare: number | null;
  /** Ranks above DEEP_TAIL, of all tokens and of the overrides alone. */
  readonly deepTailOfAll: number | null;
  readonly deepTailOfOverrides: number | null;
}

export function rankOrigin(ranks: readonly number[]): RankOrigin {
  const buckets = RANK_BUCKETS.map(() => 0);
  for (const rank of ranks) buckets[RANK_BUCKETS.findIndex(({ upTo }) => rank <= upTo)]!++;
  const overrides = ranks.filter((rank) => rank > 1).length;
  const deep = ranks.filter((rank) => rank > DEEP_TAIL).length;
  return {
    tokens: ranks.length,
    buckets,
    overrideShare: share(overrides, ranks.length),
    deepTailOfAll: share(deep, ranks.length),
    deepTailOfOverrides: share(deep, overrides),
  };
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** What a model would have chosen where a token was written, and how that token stood with it. */
export interface Origin {
  readonly rank: number;
  /** The model's own first choice. */
  readonly preferred: number;
}

/**
 * Of each token of a continuation, under the reader's logits after all that stands before it.
 * @param prompt at least one token
 */
export async function originsOf(
  reader: ModelReader,
  prompt: readonly number[],
  continuation: readonly number[],
): Promise<Origin[]> {
  if (continuation.length === 0) return [];
  const read = [...prompt, ...continuation.slice(0, -1)];
  const final = await reader.final(read);
  const width = final.length / read.length;
  const origins: Origin[] = [];
  await reader.eachLogits(final.subarray((prompt.length - 1) * width), (logits, index) => {
    origins.push({ rank: rankOf(logits, continuation[index]!), preferred: argMax(logits) });
  });
  return origins;
}
