/**
 * Chooses the next token from logits: the logits processors in the order of Hugging Face transformers, then the best
 * token or a draw.
 */
import { argMax } from '../analysis/diversity/predictions.ts';
import { LabError } from '../errors.ts';
import type { Random } from '../random.ts';
import type { DecodingSettings } from './decoding.ts';
import {
  applyTemperature,
  forbid,
  forbidRepeatedNGrams,
  keepMinP,
  keepTopK,
  keepTopP,
  penalizeRepetition,
} from './logits-processors.ts';

/**
 * Greedy takes the most likely token, the lowest id among equals, and leaves `random` alone; sampling draws one number.
 * @param logits [vocabulary]; left as they are
 * @param history prompt and what was generated so far
 * @param blocked further tokens that may not come
 * @throws LabError 'bad-argument' where every token is forbidden, 'runtime-failed' where logits are NaN or infinite
 */
export function chooseToken(
  logits: Float32Array,
  history: readonly number[],
  settings: DecodingSettings,
  random: Random,
  blocked: Iterable<number> = [],
): number {
  if (isPlain(settings)) return mostLikely(logits, new Set(blocked));
  if (logits.includes(Number.NaN)) refuseLogits();
  const scores = processLogits(logits, history, settings, blocked);
  const best = argMax(scores);
  const bestScore = scores[best]!;
  if (bestScore === Number.POSITIVE_INFINITY) refuseLogits();
  if (bestScore === Number.NEGATIVE_INFINITY) refuseDecoding();
  return settings.strategy === 'greedy' ? best : draw(scores, bestScore, random);
}

/**
 * What is left of the logits: −∞ for tokens that cannot come; the softmax of the rest is what sampling draws from.
 * Temperature, top-k, top-p and min-p act only where the strategy is to sample.
 * @returns a new array, [vocabulary]
 */
export function processLogits(
  logits: Float32Array,
  history: readonly number[],
  settings: DecodingSettings,
  blocked: Iterable<number> = [],
): Float64Array {
  const { strategy, temperature, topK, topP, minP, repetitionPenalty, noRepeatNgramSize } = settings;
  const scores = new Float64Array(logits);
  if (repetitionPenalty !== 1) penalizeRepetition(scores, history, repetitionPenalty);
  if (noRepeatNgramSize > 0) forbidRepeatedNGrams(scores, history, noRepeatNgramSize);
  forbid(scores, blocked);
  if (strategy === 'greedy') return scores;
  if (temperature !== 1) applyTemperature(scores, temperature);
  if (topK > 0) keepTopK(scores, topK);
  if (topP < 1) keepTopP(scores, topP);
  if (minP > 0) keepMinP(scores, minP);
  return scores;
}

/** Whether the choice depends on each token's logit alone. */
function isPlain({ strategy, repetitionPenalty, noRepeatNgramSize }: DecodingSettings): boolean {
  return strategy === 'greedy' && repetitionPenalty === 1 && noRepeatNgramSize === 0;
}

/** As greedy chooses, in one pass: with a large vocabulary, copying the logits would take longer than a small model. */
function mostLikely(logits: Float32Array, blocked: ReadonlySet<number>): number {
  let best = -1;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (let token = 0; token < logits.length; token++) {
    const score = logits[token]!;
    // A number that is none is neither larger nor smaller.
    if (score <= bestScore) continue;
    if (Number.isNaN(score)) refuseLogits();
    if (blocked.has(token)) continue;
    best = token;
    bestScore = score;
  }
  if (bestScore === Number.POSITIVE_INFINITY) refuseLogits();
  return best === -1 ? refuseDecoding() : best;
}

/** A token by the softmax of the scores, in float64: the first at which the summed weights exceed a uniform share of all. */
function draw(scores: Float64Array, bestScore: number, random: Random): number {
  const weights = new Float64Array(scores.length);
  let total = 0;
  for (let candidate = 0; candidate < scores.length; candidate++) {
    weights[candidate] = Math.exp(scores[candidate]! - bestScore);
    total += weights[candidate]!;
  }
  let left = random.uniform() * total;
  let token = 0;
  for (let candidate = 0; candidate < weights.length; candidate++) {
    const weight = weights[candidate]!;
    if (weight === 0) continue;
    token = candidate;
    left -= weight;
    if (left < 0) break;
  }
  return token;
}

function refuseDecoding(): never {
  throw new LabError(
    'bad-argument',
    'No token is left to choose: the decoding forbids all of them. Use a larger no-repeat-ngram or block fewer tokens.',
  );
}

function refuseLogits(): never {
  throw new LabError(
    'runtime-failed',
    'The model gave logits that are no finite numbers, so no next token can be chosen. Its weights may be damaged, or too large for the precision in use.',
  );
}
