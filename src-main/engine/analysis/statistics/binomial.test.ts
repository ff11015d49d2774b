import { describe, expect, it } from 'vitest';
import { binomialTest, clopperPearson } from './binomial.ts';

describe('the exact binomial test at one half', () => {
  it('counts all results at least as far from half', () => {
    // Of 2⁵ results, one has no success and one has five.
    expect(binomialTest(5, 5)).toBeCloseTo(2 / 32, 14);
    expect(binomialTest(0, 5)).toBeCloseTo(2 / 32, 14);
    expect(binomialTest(4, 5)).toBeCloseTo(12 / 32, 14);
  });

  it('finds nothing where votes are even, or where there are none', () => {
    expect(binomialTest(10, 20)).toBe(1);
    expect(binomialTest(0, 0)).toBe(1);
  });

  it('is two-sided: the 115 of 200 that Li et al. report as p = 0.02 are 0.04', () => {
    expect(binomialTest(115, 200)).toBeCloseTo(0.0400373, 6);
    expect(binomialTest(85, 200)).toBeCloseTo(binomialTest(115, 200), 14);
  });

  it('stays a number for thousands of votes', () => {
    expect(binomialTest(2_000, 2_000)).toBeCloseTo(0, 12);
    expect(binomialTest(1_000, 2_000)).toBe(1);
  });
});

describe('the interval of Clopper and Pearson', () => {
  it('has closed ends where all votes agree', () => {
    // (α/2)^(1/n) below, and nothing above 1.
    expect(clopperPearson(10, 10)).toEqual({ low: expect.closeTo(0.025 ** (1 / 10), 12), high: 1 });
    expect(clopperPearson(0, 10)).toEqual({ low: 0, high: expect.closeTo(1 - 0.025 ** (1 / 10), 12) });
  });

  it('is the mirror image for the other side', () => {
    const { low, high } = clopperPearson(7, 30);
    const other = clopperPearson(23, 30);
    expect(other.low).toBeCloseTo(1 - high, 12);
    expect(other.high).toBeCloseTo(1 - low, 12);
  });

  it('says nothing without votes', () => {
    expect(clopperPearson(0, 0)).toEqual({ low: 0, high: 1 });
  });

  it('is wider for more certainty', () => {
    expect(clopperPearson(7, 30, 0.99).low).toBeLessThan(clopperPearson(7, 30, 0.9).low);
  });
});
