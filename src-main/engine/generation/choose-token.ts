/**
 * Chooses the next token from logits, in the order and with the definitions of Hugging Face transformers' logits
 * processors: repetition penalty, no-repeat n-gram and blocked tokens first; then, where chance decides, temperature,
 * top-k, top-p, min-p and a draw.
 */
import { argMax } from '../analysis/diversity/predictions.ts';
import type { Random } from '../random.ts';
import type { DecodingSettings } from './decoding.ts';

/**
 * @param logits [vocabulary]; left as they are
 * @param history prompt and what was generated so far
 * @param blocked tokens that may not come
 */
export function chooseToken(
  logits: Float32Array,
  history: readonly number[],
  settings: DecodingSettings,
  random: Random,
  blocked: ReadonlySet<number> = new Set(),
): number {
  const scores = logits.slice();
  if (settings.repetitionPenalty !== 1) penalizeRepetition(scores, history, settings.repetitionPenalty);
  if (settings.noRepeatNgram > 0) forbid(scores, repeatingTokens(history, settings.noRepeatNgram));
  forbid(scores, blocked);
  if (settings.strategy === 'greedy') return argMax(scores);
  let candidates = candidatesByProbability(scores, settings.temperature);
  if (settings.topK > 0) candidates = renormalized(keepTopK(candidates, settings.topK));
  if (settings.topP < 1) candidates = renormalized(keepTopP(candidates, settings.topP));
  if (settings.minP > 0) candidates = renormalized(keepMinP(candidates, settings.minP));
  return draw(candidates, random);
}

interface Candidate {
  readonly token: number;
  readonly probability: number;
}

/** CTRL: positive logits are divided by the penalty, negative ones multiplied. */
function penalizeRepetition(scores: Float32Array, history: readonly number[], penalty: number): void {
  for (const token of new Set(history))
    scores[token] = scores[token]! > 0 ? scores[token]! / penalty : scores[token]! * penalty;
}

/** Tokens that would complete a run of n tokens which already occurred. */
function repeatingTokens(history: readonly number[], n: number): Set<number> {
  const result = new Set<number>();
  if (history.length + 1 < n) return result;
  const begun = history.slice(history.length - (n - 1));
  for (let start = 0; start + n <= history.length; start++) {
    if (begun.every((token, place) => history[start + place] === token)) result.add(history[start + n - 1]!);
  }
  return result;
}

function forbid(scores: Float32Array, tokens: Iterable<number>): void {
  for (const token of tokens) scores[token] = Number.NEGATIVE_INFINITY;
}

/** Most likely first; among equals the lower id. Forbidden tokens are left out. */
function candidatesByProbability(scores: Float32Array, temperature: number): Candidate[] {
  const top = scores[argMax(scores)]!;
  const weights = Array.from(scores, (score) => Math.exp((score - top) / temperature));
  const candidates = weights
    .map((probability, token) => ({ token, probability }))
    .filter(({ probability }) => probability > 0);
  return renormalized(
    candidates.sort((first, second) => second.probability - first.probability || first.token - second.token),
  );
}

/** Also keeps tokens that are as likely as the last one kept. */
function keepTopK(candidates: readonly Candidate[], k: number): Candidate[] {
  const least = candidates[Math.min(k, candidates.length) - 1]!.probability;
  return candidates.filter(({ probability }) => probability >= least);
}

/** The fewest tokens whose probabilities sum up to p. */
function keepTopP(candidates: readonly Candidate[], p: number): Candidate[] {
  let sum = 0;
  const count = candidates.findIndex(({ probability }) => {
    sum += probability;
    return sum >= p;
  });
  return count === -1 ? [...candidates] : candidates.slice(0, count + 1);
}

function keepMinP(candidates: readonly Candidate[], share: number): Candidate[] {
  const least = share * candidates[0]!.probability;
  return candidates.filter(({ probability }) => probability >= least);
}

function renormalized(candidates: readonly Candidate[]): Candidate[] {
  const total = candidates.reduce((sum, { probability }) => sum + probability, 0);
  return candidates.map(({ token, probability }) => ({ token, probability: probability / total }));
}

function draw(candidates: readonly Candidate[], random: Random): number {
  let left = random.uniform();
  for (const { token, probability } of candidates) {
    left -= probability;
    if (left < 0) return token;
  }
  return candidates.at(-1)!.token;
}
