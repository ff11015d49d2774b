/**
 * Bootstrap intervals (Efron 1979): how much a number would change with other texts of the same kind. The items are drawn
 * anew, with replacement, as many as there are; what lies between the lower and the upper percentile of the statistic over
 * many such draws is its interval. The draws depend on the seed alone, so an interval can be computed again.
 */
import { Random } from '../../random.ts';
import { mean } from '../diversity/mean.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface BootstrapOptions {
  readonly seed: number;
  /** Draws. */
  readonly samples?: number;
  /** Share of the draws that lies inside, such as 0.95. */
  readonly level?: number;
}

const SAMPLES = 1_000;
const LEVEL = 0.95;

/**
 * Of one number.
 * @param count items, at least 1
 * @param statistic of the items at these indices, 0 … count − 1, of which some come several times and others not at all. The
 *   array is used again for the next draw.
 */
export function bootstrapInterval(
  count: number,
  statistic: (indices: Int32Array) => number,
  options: BootstrapOptions,
): Interval {
  return bootstrapIntervals(count, (indices) => [statistic(indices)], options)[0]!;
}

/** Of several numbers of the same draws, such as the points of a curve. As many intervals as the statistic has numbers. */
export function bootstrapIntervals(
  count: number,
  statistic: (indices: Int32Array) => readonly number[],
  { seed, samples = SAMPLES, level = LEVEL }: BootstrapOptions,
): Interval[] {
  const random = new Random(seed);
  const indices = new Int32Array(count);
  const drawn: Float64Array[] = [];
  for (let sample = 0; sample < samples; sample++) {
    for (let item = 0; item < count; item++) indices[item] = random.below(count);
    for (const [place, number] of statistic(indices).entries()) {
      drawn[place] ??= new Float64Array(samples);
      drawn[place][sample] = number;
    }
  }
  return drawn.map((numbers) => {
    numbers.sort();
    return { low: quantile(numbers, (1 - level) / 2), high: quantile(numbers, (1 + level) / 2) };
  });
}

/** The mean of `other` − `baseline` over items that both were measured on, and its interval. 0 where there is no item. */
export function pairedDifference(
  baseline: readonly number[],
  other: readonly number[],
  options: BootstrapOptions,
): Interval & { readonly mean: number } {
  const differences = other.map((number, item) => number - baseline[item]!);
  if (differences.length === 0) return { mean: 0, low: 0, high: 0 };
  const meanOf = (indices: Int32Array) =>
    indices.reduce((sum, item) => sum + differences[item]!, 0) / indices.length;
  return { mean: mean(differences), ...bootstrapInterval(differences.length, meanOf, options) };
}

/** Between the two nearest numbers in proportion (Hyndman and Fan's type 7, as numpy's). */
function quantile(rising: Float64Array, share: number): number {
  const place = share * (rising.length - 1);
  const below = rising[Math.floor(place)]!;
  const above = rising[Math.ceil(place)]!;
  return below + (above - below) * (place - Math.floor(place));
}
