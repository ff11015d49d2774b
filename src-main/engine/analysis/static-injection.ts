/**
 * Hyperfitting as nothing but a liking for some words: the tokens that rise most in a tuned model's ranking get, at every
 * position alike, the mean of what their logits gained. The control of Li et al. 2026: where it does not write as the
 * tuned model does, what hyperfitting changes depends on what was written before.
 */
import { ranksOf } from './diversity/predictions.ts';
import type { PredictedPositions, ReadingOptions } from './predicted-positions.ts';

/** Means over positions, one number for each token: [vocabulary], in float64. */
export interface MeanPredictions {
  readonly logits: Float64Array;
  /** 1 is the most likely. */
  readonly ranks: Float64Array;
}

export async function meanPredictions(
  positions: PredictedPositions,
  vocabularySize: number,
  options: ReadingOptions = {},
): Promise<MeanPredictions> {
  const means = { logits: new Float64Array(vocabularySize), ranks: new Float64Array(vocabularySize) };
  await positions.each((logits) => {
    const ranks = ranksOf(logits);
    for (let token = 0; token < vocabularySize; token++) {
      means.logits[token]! += logits[token]! / positions.count;
      means.ranks[token]! += ranks[token]! / positions.count;
    }
  }, options);
  return means;
}

export interface LiftedToken {
  readonly token: number;
  /** Mean rank under the base minus mean rank under the tuned model: places that it rose. */
  readonly rankGain: number;
  /** δ: mean of z_tuned − z_base at this token. */
  readonly delta: number;
}

/**
 * The tokens that rise most on average, at most `count`, the largest gain first and the lower id among equals. Tokens that do
 * not rise are never among them.
 */
export function liftedTokens(base: MeanPredictions, tuned: MeanPredictions, count: number): LiftedToken[] {
  return Array.from(base.ranks, (rank, token) => ({
    token,
    rankGain: rank - tuned.ranks[token]!,
    delta: tuned.logits[token]! - base.logits[token]!,
  }))
    .filter(({ rankGain }) => rankGain > 0)
    .sort((a, b) => b.rankGain - a.rankGain || a.token - b.token)
    .slice(0, count);
}

/** z + α·δ as a step of generation, in float32: see GenerationOptions.adjust. */
export function injection(
  lifted: readonly Pick<LiftedToken, 'token' | 'delta'>[],
  strength: number,
): (logits: Float32Array) => Float32Array {
  return (logits) => {
    const adjusted = logits.slice();
    for (const { token, delta } of lifted) adjusted[token]! += strength * delta;
    return adjusted;
  };
}
