/**
 * What the measures made of BLEU share (Papineni et al. 2002), on token ids: geometric mean of the clipped precisions of
 * n-grams up to 4, equally weighted, times the brevity penalty.
 *
 * Smoothing: a precision of zero counts as 0.1 / n-grams (method 1 of Chen and Cherry 2014 in NLTK, which Texygen's code
 * uses), unless not a single token agrees: then BLEU is 0. No source tells which n or smoothing Carlsson et al. used for
 * theirs, so values compare between arms of one run rather than with the paper.
 */

export const LONGEST_N_GRAM = 4;
/** Matches that stand for none. */
const EPSILON = 0.1;

/** How often each id comes. */
export function countIds(ids: Uint32Array): Map<number, number> {
  const counts = new Map<number, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

/**
 * Share of a text's n-grams that a reference has too, each counted at most as often as in the reference that has it most
 * often; smoothed as above.
 * @param own how often each n-gram comes in the text; @param most how often at most in one of the references
 * @param tokens of the text
 */
export function clippedPrecision(
  own: ReadonlyMap<number, number>,
  most: (id: number) => number,
  tokens: number,
  n: number,
): number {
  let matches = 0;
  for (const [id, count] of own) matches += Math.min(count, most(id));
  const nGrams = Math.max(1, tokens - n + 1);
  return (matches === 0 && n > 1 ? EPSILON : matches) / nGrams;
}

/** exp(1 − r / c) for a text of c tokens that is shorter than r, of its references' lengths the nearest to c (of two, the shorter). */
export function brevityPenalty(own: number, references: Iterable<number>): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (const length of references) {
    const closer = Math.abs(length - own) - Math.abs(nearest - own);
    if (closer < 0 || (closer === 0 && length < nearest)) nearest = length;
  }
  return own >= nearest ? 1 : Math.exp(1 - nearest / own);
}
