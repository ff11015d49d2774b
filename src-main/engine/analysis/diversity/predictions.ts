/** Measures of a model's predictions, from the logits of one position: a Float32Array over the vocabulary. */

/** log Σ exp(logits), in float64 and safe for large logits. */
export function logSumExp(logits: Float32Array): number {
  const top = logits.reduce((best, logit) => Math.max(best, logit), Number.NEGATIVE_INFINITY);
  let total = 0;
  for (const logit of logits) total += Math.exp(logit - top);
  return top + Math.log(total);
}

/** Natural logarithm of the probability of a token. */
export function logProbability(logits: Float32Array, token: number): number {
  return logits[token]! - logSumExp(logits);
}

/** −Σ p log p in nats: 0 for certainty, log(vocabulary) for no idea. */
export function entropy(logits: Float32Array): number {
  const total = logSumExp(logits);
  let sum = 0;
  for (const logit of logits) sum -= Math.exp(logit - total) * (logit - total);
  return sum;
}

/** 1 for the most likely token; among equals the lower id comes first. */
export function rankOf(logits: Float32Array, token: number): number {
  const own = logits[token]!;
  let rank = 1;
  for (const [other, logit] of logits.entries()) if (logit > own || (logit === own && other < token)) rank++;
  return rank;
}

/** The most likely token; among equals the lowest id. */
export function argMax(logits: Float32Array): number {
  let best = 0;
  for (let token = 1; token < logits.length; token++) if (logits[token]! > logits[best]!) best = token;
  return best;
}

/** Share of positions at which two models prefer the same token. */
export function topAgreement(first: readonly number[], second: readonly number[]): number {
  const same = first.filter((token, position) => token === second[position]).length;
  return first.length === 0 ? 0 : same / first.length;
}

/** exp of the mean cross-entropy: how many tokens the model hesitates between, as it were. */
export function perplexity(logProbabilities: readonly number[]): number {
  const total = logProbabilities.reduce((sum, number) => sum + number, 0);
  return Math.exp(-total / logProbabilities.length);
}
