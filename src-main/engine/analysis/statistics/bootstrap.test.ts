import { describe, expect, it } from 'vitest';
import { Random } from '../../random.ts';
import { mean } from '../diversity/mean.ts';
import { bootstrapInterval, bootstrapIntervals, pairedDifference } from './bootstrap.ts';

describe('bootstrap intervals', () => {
  it('lie between the percentiles of the statistic over the draws, between two numbers in proportion', () => {
    let draw = 0;
    // The statistic counts the draws: 0, 1, … 100, whose 2.5 % and 97.5 % lie at 2.5 and 97.5.
    const interval = bootstrapInterval(3, () => draw++, { seed: 1, samples: 101 });
    expect(interval.low).toBeCloseTo(2.5, 12);
    expect(interval.high).toBeCloseTo(97.5, 12);
  });

  it('draw as many items as there are, with replacement, and the same again with the same seed', () => {
    const drawsOf = (seed: number) => {
      const draws: number[][] = [];
      bootstrapInterval(5, (indices) => draws.push([...indices]), { seed, samples: 50 });
      return draws;
    };
    const draws = drawsOf(7);
    expect(draws.every(({ length }) => length === 5)).toBe(true);
    expect(draws.some((draw) => new Set(draw).size < 5)).toBe(true);
    expect(new Set(draws.flat())).toEqual(new Set([0, 1, 2, 3, 4]));
    expect(drawsOf(7)).toEqual(draws);
    expect(drawsOf(8)).not.toEqual(draws);
  });

  it('are narrower at a lower level', () => {
    const numbers = [1, 5, 2, 8, 3, 9, 4];
    const at = (level: number) =>
      bootstrapInterval(7, (indices) => mean([...indices].map((item) => numbers[item]!)), { seed: 1, level });
    expect(at(0.5).low).toBeGreaterThan(at(0.95).low);
    expect(at(0.5).high).toBeLessThan(at(0.95).high);
  });

  it('of several numbers come from the same draws', () => {
    const [one, twice] = bootstrapIntervals(6, (indices) => [indices[0]!, 2 * indices[0]!], { seed: 3 });
    expect(twice).toEqual({ low: 2 * one!.low, high: 2 * one!.high });
  });

  it('of a single item have no width', () => {
    expect(bootstrapInterval(1, () => 4, { seed: 1 })).toEqual({ low: 4, high: 4 });
  });

  it('hold the true mean in about as many cases as they say', () => {
    const random = new Random(11);
    const cases = 300;
    let held = 0;
    for (let attempt = 0; attempt < cases; attempt++) {
      const numbers = Array.from({ length: 40 }, () => random.normal() + 2);
      const { low, high } = bootstrapInterval(
        40,
        (indices) => indices.reduce((sum, item) => sum + numbers[item]!, 0) / 40,
        { seed: attempt, samples: 300, level: 0.9 },
      );
      if (low <= 2 && 2 <= high) held++;
    }
    expect(held / cases).toBeGreaterThan(0.84);
    expect(held / cases).toBeLessThan(0.95);
  });
});

describe('a paired difference', () => {
  it('is the mean of what each item gains, however much items differ from each other', () => {
    const baseline = [100, 200, 300, 400];
    const other = baseline.map((number) => number + 1);
    expect(pairedDifference(baseline, other, { seed: 1 })).toEqual({ mean: 1, low: 1, high: 1 });
    expect(pairedDifference(other, baseline, { seed: 1 }).mean).toBe(-1);
  });

  it('is 0 of nothing', () => {
    expect(pairedDifference([], [], { seed: 1 })).toEqual({ mean: 0, low: 0, high: 0 });
  });
});
