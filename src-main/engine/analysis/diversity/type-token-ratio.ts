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

/**
 * Of the window that ends at each token from the first full one on: [tokens − window + 1], empty for a shorter text. How
 * varied a text is along its way (Carlsson et al. 2025, Fig. 9).
 */
export function slidingTypeTokenRatios(tokens: readonly number[], window = TTR_WINDOW): number[] {
  const ratios: number[] = [];
  const counts = new Map<number, number>();
  for (const [place, token] of tokens.entries()) {
    counts.set(token, (counts.get(token) ?? 0) + 1);
    const left = tokens[place - window];
    if (left !== undefined) {
      const others = counts.get(left)! - 1;
      if (others === 0) counts.delete(left);
      else counts.set(left, others);
    }
    if (place >= window - 1) ratios.push(counts.size / window);
  }
  return ratios;
}
