/** Runs of n tokens, the common ground of the measures of repetition. */

/** Every run of n tokens, in order, as a key that is equal for equal runs. */
export function nGrams(tokens: readonly number[], n: number): string[] {
  const count = Math.max(0, tokens.length - n + 1);
  return Array.from({ length: count }, (_, start) => tokens.slice(start, start + n).join(' '));
}

/** How often each run of n tokens occurs. */
export function countNGrams(tokens: readonly number[], n: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (const gram of nGrams(tokens, n)) counts.set(gram, (counts.get(gram) ?? 0) + 1);
  return counts;
}
