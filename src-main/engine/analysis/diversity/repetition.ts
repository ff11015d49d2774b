/**
 * Repetition of a text within itself. rep-n = 1 − different n-grams / n-grams, per text, then averaged over texts. Li et
 * al. name bigram and trigram repetition without a formula; this one is the usual reading (SimCTG, arXiv 2202.06417).
 */
import { mean } from './mean.ts';
import { nGrams } from './n-grams.ts';

/** 0: no n-gram comes twice. Texts shorter than n count as 0. */
export function repetition(tokens: readonly number[], n: number): number {
  const grams = nGrams(tokens, n);
  return grams.length === 0 ? 0 : 1 - new Set(grams).size / grams.length;
}

export function meanRepetition(texts: readonly (readonly number[])[], n: number): number {
  return mean(texts.map((tokens) => repetition(tokens, n)));
}

/** distinct-n (Li et al. 2016, arXiv 1510.03055): different n-grams / n-grams over all texts together. */
export function distinct(texts: readonly (readonly number[])[], n: number): number {
  const grams = texts.flatMap((tokens) => nGrams(tokens, n));
  return grams.length === 0 ? 0 : new Set(grams).size / grams.length;
}

/**
 * For display: how often, at each token, the most repeated n-gram that covers it had occurred before. 0: new.
 * @returns one number per token
 */
export function repetitionDepth(tokens: readonly number[], n: number): number[] {
  const seen = new Map<string, number>();
  const depth = tokens.map(() => 0);
  for (const [start, gram] of nGrams(tokens, n).entries()) {
    const before = seen.get(gram) ?? 0;
    for (let place = start; place < start + n; place++) depth[place] = Math.max(depth[place]!, before);
    seen.set(gram, before + 1);
  }
  return depth;
}
