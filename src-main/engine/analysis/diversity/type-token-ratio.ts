/**
 * Type-token ratio: different tokens / tokens, over the last 96 generated token ids of each text, as the code of
 * Carlsson et al. computes it (github.com/FreddeFrallan/Hyperfitting, src/validation.py). A share without unit; 1: no
 * token comes twice. It falls with the length of what is counted, hence the fixed window.
 */
import { mean } from './mean.ts';

/** Tokens at the end of a text that are counted. */
export const TTR_WINDOW = 96;

/** Of one text, without its prompt; shorter texts are taken whole. 0 for an empty text. */
export function typeTokenRatio(tokens: readonly number[], window = TTR_WINDOW): number {
  const counted = tokens.slice(Math.max(0, tokens.length - window));
  return counted.length === 0 ? 0 : new Set(counted).size / counted.length;
}

/** Mean over texts. */
export function meanTypeTokenRatio(texts: readonly (readonly number[])[], window = TTR_WINDOW): number {
  return mean(texts.map((tokens) => typeTokenRatio(tokens, window)));
}
