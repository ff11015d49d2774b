/**
 * Votes between two things: how surprising they are if there was nothing to choose, and between what shares the true one
 * lies. Both are exact, from the binomial distribution itself, so they hold for few votes too.
 */
import type { Interval } from './bootstrap.ts';

/**
 * Exact two-sided binomial test: the probability of a count at least as far from half as this one, if each vote falls on
 * either side with probability 1/2. 1 where there is no vote.
 */
export function binomialTest(successes: number, trials: number): number {
  const logFactorials = logFactorialsUpTo(trials);
  const fewer = Math.min(successes, trials - successes);
  return Math.min(1, 2 * lowerTail(fewer, trials, 0.5, logFactorials));
}

/**
 * The interval of Clopper and Pearson 1934 for the share of successes: holds the true one in `level` of all cases or more.
 * From 0 to 1 where there is no vote.
 */
export function clopperPearson(successes: number, trials: number, level = 0.95): Interval {
  const logFactorials = logFactorialsUpTo(trials);
  const tail = (1 - level) / 2;
  const low =
    successes === 0
      ? 0
      : // P(at least so many) = P(at most trials − so many of the other side), which rises with the share.
        bisect((share) => lowerTail(trials - successes, trials, 1 - share, logFactorials) < tail);
  const high =
    successes === trials ? 1 : bisect((share) => lowerTail(successes, trials, share, logFactorials) > tail);
  return { low, high };
}

/** P(at most `successes` of `trials`), each with probability `share` in (0, 1). A sum of positive numbers: nothing cancels. */
function lowerTail(successes: number, trials: number, share: number, logFactorials: Float64Array): number {
  let sum = 0;
  for (let count = 0; count <= successes; count++) {
    const ways = logFactorials[trials]! - logFactorials[count]! - logFactorials[trials - count]!;
    sum += Math.exp(ways + count * Math.log(share) + (trials - count) * Math.log1p(-share));
  }
  return sum;
}

/** The share at which what is true of small ones becomes false, to the precision of numbers. */
function bisect(isBelow: (share: number) => boolean): number {
  let [low, high] = [0, 1];
  for (let middle = 0.5; middle > low && middle < high; middle = (low + high) / 2) {
    if (isBelow(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** ln n! for n = 0 … largest. */
function logFactorialsUpTo(largest: number): Float64Array {
  const logs = new Float64Array(largest + 1);
  for (let n = 1; n <= largest; n++) logs[n] = logs[n - 1]! + Math.log(n);
  return logs;
}
