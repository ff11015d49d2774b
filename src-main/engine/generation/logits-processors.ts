/**
 * What decoding settings do to logits, one processor each, with the definitions of Hugging Face transformers
 * (generation/logits_process.py). Each changes the scores it is given, [vocabulary], in place; a score of −∞ keeps a
 * token from being chosen, and what remains is renormalized by the softmax that follows.
 */
import { argMax, logSumExp } from '../analysis/diversity/predictions.ts';
import { mostLikelyFirst } from './most-likely-first.ts';

/** CTRL (Keskar et al. 2019, arXiv 1909.05858): for tokens of the history, divides positive scores, multiplies negative. */
export function penalizeRepetition(scores: Float64Array, history: readonly number[], penalty: number): void {
  for (const token of new Set(history)) {
    const score = scores[token]!;
    scores[token] = score < 0 ? score * penalty : score / penalty;
  }
}

/** Forbids tokens that would complete a run of n tokens which the history already has (Paulus et al. 2017, arXiv 1705.04304). */
export function forbidRepeatedNGrams(scores: Float64Array, history: readonly number[], n: number): void {
  const begun = history.length - (n - 1);
  for (let end = n - 1; end < history.length; end++) {
    let same = 0;
    while (same < n - 1 && history[end - n + 1 + same] === history[begun + same]) same++;
    if (same === n - 1) scores[history[end]!] = Number.NEGATIVE_INFINITY;
  }
}

export function forbid(scores: Float64Array, tokens: Iterable<number>): void {
  for (const token of tokens) scores[token] = Number.NEGATIVE_INFINITY;
}

/** Below 1 the distribution gets sharper, above 1 flatter; the order of tokens stays. */
export function applyTemperature(scores: Float64Array, temperature: number): void {
  for (let token = 0; token < scores.length; token++) scores[token]! /= temperature;
}

/** Top-k (Fan et al. 2018, arXiv 1805.04833): keeps the k best tokens, and any that equal the last of them. */
export function keepTopK(scores: Float64Array, k: number): void {
  let least = Number.NEGATIVE_INFINITY;
  let kept = 0;
  for (const token of mostLikelyFirst(scores)) {
    least = scores[token]!;
    if (++kept === k) break;
  }
  dropBelow(scores, least);
}

/**
 * Top-p, nucleus (Holtzman et al. 2020, arXiv 1904.09751): keeps the fewest best tokens that together have probability p,
 * at least one. Among equals lower ids are kept first (transformers leaves that to the sort).
 */
export function keepTopP(scores: Float64Array, p: number): void {
  const logTotal = logSumExp(scores);
  const kept = new Uint8Array(scores.length);
  let probability = 0;
  for (const token of mostLikelyFirst(scores)) {
    kept[token] = 1;
    probability += Math.exp(scores[token]! - logTotal);
    if (probability >= p) break;
  }
  for (let token = 0; token < scores.length; token++) {
    if (kept[token] === 0) scores[token] = Number.NEGATIVE_INFINITY;
  }
}

/** Min-p (Nguyen et al. 2024, arXiv 2407.01082): keeps tokens with at least this share of the best one's probability. */
export function keepMinP(scores: Float64Array, share: number): void {
  dropBelow(scores, scores[argMax(scores)]! + Math.log(share));
}

function dropBelow(scores: Float64Array, least: number): void {
  for (let token = 0; token < scores.length; token++) {
    if (scores[token]! < least) scores[token] = Number.NEGATIVE_INFINITY;
  }
}
