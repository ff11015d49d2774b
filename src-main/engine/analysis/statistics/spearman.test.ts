import { describe, expect, it } from 'vitest';
import { meanRanks, spearman } from './spearman.ts';

describe("Spearman's rank correlation", () => {
  it('is 1 where one rises with the other, whatever the curve, and −1 where it falls', () => {
    expect(spearman([1, 2, 3, 4], [1, 10, 100, 1000])).toBeCloseTo(1, 14);
    expect(spearman([1, 2, 3, 4], [9, 7, 7 - 1e-9, -50])).toBeCloseTo(-1, 14);
  });

  it('gives equal numbers the mean of their ranks', () => {
    expect(meanRanks([5, 1, 5, 3])).toEqual([3.5, 1, 3.5, 2]);
    // Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4.
    expect(spearman([1, 2, 2, 3], [1, 2, 3, 4])).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 14);
  });

  it('is not known where one side never changes, or there are fewer than two pairs', () => {
    expect(spearman([1, 2, 3], [4, 4, 4])).toBeNull();
    expect(spearman([1], [2])).toBeNull();
    expect(spearman([], [])).toBeNull();
  });
});
