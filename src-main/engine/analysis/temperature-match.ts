/**
 * The one temperature at which a model is, on average, as sure as another: T* with mean H(softmax(z / T*)) = a given mean
 * entropy. The control of Li et al. 2026 ("Beyond Temperature"): it changes probabilities as far as hyperfitting does, and
 * never the order of tokens.
 */
import { entropy } from './diversity/predictions.ts';
import type { PredictedPositions, ReadingOptions } from './predicted-positions.ts';

/** Temperatures outside are of no use: at 0.01 only equal logits share probability, at 20 hardly any logit counts. */
export const LOWEST_TEMPERATURE = 0.01;
export const HIGHEST_TEMPERATURE = 20;
/** Nats between the two mean entropies at which they count as equal. */
const TOLERANCE = 1e-7;
const MOST_STEPS = 60;

/** [temperature, mean entropy in nats] */
export type CurvePoint = readonly [temperature: number, entropy: number];

/** Mean entropy in nats over all positions at each temperature, in one pass over them. Sums run in float64. */
export async function meanEntropies(
  positions: PredictedPositions,
  temperatures: readonly number[],
  options: ReadingOptions = {},
): Promise<number[]> {
  const sums = temperatures.map(() => 0);
  await positions.each((logits) => {
    for (const [index, temperature] of temperatures.entries()) sums[index]! += entropy(logits, temperature);
  }, options);
  return sums.map((sum) => sum / positions.count);
}

/**
 * Solves meanEntropyAt(T) = target. Entropy rises with temperature, so the root stays between two points, and a secant
 * between them (the Illinois rule, Dowell & Jarratt 1971) finds it in a few steps, each of which is a look at all positions.
 * @param target nats
 * @param known points that were computed before: the narrowest pair around the target is begun with
 * @returns undefined where no temperature in the range gives this entropy
 */
export async function matchTemperature(
  target: number,
  meanEntropyAt: (temperature: number) => Promise<number>,
  known: readonly CurvePoint[] = [],
): Promise<CurvePoint | undefined> {
  const below = known.filter(([, entropy]) => entropy <= target).sort(([a], [b]) => b - a)[0];
  const above = known.filter(([, entropy]) => entropy >= target).sort(([a], [b]) => a - b)[0];
  let low = below ?? (await at(LOWEST_TEMPERATURE));
  let high = above ?? (await at(HIGHEST_TEMPERATURE));
  let [lowGap, highGap] = [low[1] - target, high[1] - target];
  if (isMet(lowGap)) return low;
  if (isMet(highGap)) return high;
  if (lowGap > 0 || highGap < 0) return undefined;
  let moved: 'low' | 'high' | undefined;
  for (let step = 0; step < MOST_STEPS; step++) {
    const middle = await at(high[0] - (highGap * (high[0] - low[0])) / (highGap - lowGap));
    const gap = middle[1] - target;
    if (isMet(gap)) return middle;
    // An end that stays twice counts half, or the secant would creep towards it from one side for ever.
    if (gap < 0) {
      [low, lowGap] = [middle, gap];
      if (moved === 'low') highGap /= 2;
      moved = 'low';
    } else {
      [high, highGap] = [middle, gap];
      if (moved === 'high') lowGap /= 2;
      moved = 'high';
    }
  }
  return Math.abs(low[1] - target) < Math.abs(high[1] - target) ? low : high;

  async function at(temperature: number): Promise<CurvePoint> {
    return [temperature, await meanEntropyAt(temperature)];
  }

  function isMet(gap: number): boolean {
    return Math.abs(gap) <= TOLERANCE;
  }
}

/** Logits divided by a temperature, in float32, as a step of generation: see GenerationOptions.adjust. */
export function atTemperature(temperature: number): (logits: Float32Array) => Float32Array {
  return (logits) => logits.map((logit) => logit / temperature);
}
