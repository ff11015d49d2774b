/**
 * Measures of a model's predictions, mostly from the logits of one position, [vocabulary]. Sums run in float64 and are
 * safe for large logits; a logit of −∞ is a probability of 0.
 */
import { LabError } from '../../errors.ts';
import { mean } from './mean.ts';
import { TOKEN_LIMIT } from './n-grams.ts';

/** e to this is lost when it is added to 1 in float64, even a million times. */
const LEAST_EXPONENT = -52;

export type Logits = Float32Array | Float64Array;

/** log Σ exp(logits) in nats. */
export function logSumExp(logits: Logits): number {
  const top = logits[argMax(logits)]!;
  let total = 0;
  for (const logit of logits) total += Math.exp(logit - top);
  return top + Math.log(total);
}

/** Natural logarithm of a token's probability. */
export function logProbability(logits: Logits, token: number): number {
  return logits[token]! - logSumExp(logits);
}

/**
 * −Σ p ln p in nats of softmax(logits / temperature): 0 where the model is certain, ln(vocabulary) where all tokens are
 * equally likely.
 */
export function entropy(logits: Logits, temperature = 1): number {
  const top = logits[argMax(logits)]!;
  let [total, weighted] = [0, 0];
  for (const logit of logits) {
    const scaled = (logit - top) / temperature;
    if (scaled < LEAST_EXPONENT) continue;
    const weight = Math.exp(scaled);
    total += weight;
    weighted += weight * scaled;
  }
  return Math.log(total) - weighted / total;
}

/** A token's rank: 1 for the most likely one; among equals the lower id comes first. */
export function rankOf(logits: Logits, token: number): number {
  const own = logits[token]!;
  let rank = 1;
  for (let other = 0; other < logits.length; other++) {
    if (logits[other]! > own || (logits[other] === own && other < token)) rank++;
  }
  return rank;
}

/**
 * Rank of every token, as `rankOf` tells it: [vocabulary]. Logits must be finite. A logit's bits, turned so that integers
 * fall as it rises, and its token make one exact number (below 2⁵³): plain numbers sort ten times faster than pairs.
 */
export function ranksOf(logits: Float32Array): Uint32Array {
  // Adding 0 makes the negative zero an ordinary one.
  const bits = new Uint32Array(logits.map((logit) => logit + 0).buffer);
  const keys = new Float64Array(logits.length);
  for (let token = 0; token < logits.length; token++) {
    const pattern = bits[token]!;
    const falling = pattern >>> 31 === 1 ? pattern : ~(pattern | 0x80000000) >>> 0;
    keys[token] = falling * TOKEN_LIMIT + token;
  }
  keys.sort();
  const ranks = new Uint32Array(logits.length);
  for (let place = 0; place < keys.length; place++) ranks[keys[place]! % TOKEN_LIMIT] = place + 1;
  return ranks;
}

/** The most likely token; among equals the lowest id. */
export function argMax(logits: Logits): number {
  let best = 0;
  for (let token = 1; token < logits.length; token++) if (logits[token]! > logits[best]!) best = token;
  return best;
}

/**
 * Share of positions at which two models prefer the same token, from their preferred tokens at each. Li et al. 2026 name
 * it Top-1 agreement, Carlsson et al. 2025 rank similarity; the formula is the evident one. 0 without positions.
 * @throws LabError 'bad-argument' for different numbers of positions
 */
export function topOneAgreement(first: readonly number[], second: readonly number[]): number {
  if (first.length !== second.length) {
    throw new LabError(
      'bad-argument',
      `Predictions can only be compared position by position, but there are ${first.length} and ${second.length}.`,
    );
  }
  return mean(first.map((token, position) => (token === second[position] ? 1 : 0)));
}

/** exp(−mean log-probability), of log-probabilities in nats: 1 is certainty. NaN without any. */
export function perplexity(logProbabilities: readonly number[]): number {
  if (logProbabilities.length === 0) return Number.NaN;
  return Math.exp(-mean(logProbabilities));
}
