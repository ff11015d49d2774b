/** Spearman's rank correlation: whether one number rises with another, whatever the shape of the curve. */
import { mean } from '../diversity/mean.ts';

/**
 * ρ of pairs, −1 (falls always) to 1 (rises always): the correlation of their ranks, where equal numbers share the mean of
 * their ranks. Null where either side never changes, or there are fewer than two pairs.
 */
export function spearman(first: readonly number[], second: readonly number[]): number | null {
  const [ranks, otherRanks] = [meanRanks(first), meanRanks(second)];
  const middle = mean(ranks);
  let [together, spread, otherSpread] = [0, 0, 0];
  for (const [pair, rank] of ranks.entries()) {
    const [distance, otherDistance] = [rank - middle, otherRanks[pair]! - middle];
    together += distance * otherDistance;
    spread += distance ** 2;
    otherSpread += otherDistance ** 2;
  }
  return spread === 0 || otherSpread === 0 ? null : together / Math.sqrt(spread * otherSpread);
}

/** 1 for the smallest; equal numbers have the mean of the ranks that they take together. */
export function meanRanks(numbers: readonly number[]): number[] {
  const order = numbers.map((_, index) => index).sort((a, b) => numbers[a]! - numbers[b]!);
  const ranks = numbers.map(() => 0);
  for (let first = 0; first < order.length; ) {
    let end = first + 1;
    while (end < order.length && numbers[order[end]!] === numbers[order[first]!]) end++;
    for (const index of order.slice(first, end)) ranks[index] = (first + 1 + end) / 2;
    first = end;
  }
  return ranks;
}
