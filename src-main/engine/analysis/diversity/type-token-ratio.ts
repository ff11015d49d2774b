/**
 * Type-token ratio: different tokens / tokens, over the last 96 generated token ids of each text, as the code of
 * Carlsson et al. computes it (github.com/FreddeFrallan/Hyperfitting, validation). 1: no token comes twice.
 */
import { mean } from './mean.ts';

/** Tokens at the end of a text that are looked at. */
export const TTR_WINDOW = 96;

/** Of one text; shorter texts are taken whole. 0 for an empty text. */
export function typeTokenRatio(tokens: readonly number[], window = TTR_WINDOW): number {
  const seen = tokens.slice(-window);
  return seen.length === 0 ? 0 : new Set(seen).size / seen.length;
}

/** Mean over texts. */
export function meanTypeTokenRatio(texts: readonly (readonly number[])[], window = TTR_WINDOW): number {
  return mean(texts.map((tokens) => typeTokenRatio(tokens, window)));
}
