import { describe, expect, it } from 'vitest';
import { NGramIndex } from './n-grams.ts';

describe('an n-gram index', () => {
  it('gives equal runs equal ids, in every text', () => {
    const index = new NGramIndex();
    // 12 23 31 12, then 31 14.
    expect([...index.idsOf([1, 2, 3, 1, 2], 2)]).toEqual([0, 1, 2, 0]);
    expect([...index.idsOf([3, 1, 4], 2)]).toEqual([2, 3]);
    expect(index.size(2)).toBe(4);
  });

  it('keeps n-grams of different n apart', () => {
    const index = new NGramIndex();
    index.idsOf([5, 5, 5, 5], 3);
    expect([1, 2, 3, 4].map((n) => index.size(n))).toEqual([1, 1, 1, 0]);
  });

  it('does not mix up runs that look alike when written in a row', () => {
    expect([...new NGramIndex().idsOf([1, 23, 12, 3], 2)]).toEqual([0, 1, 2]);
  });

  it('has none in a text shorter than n', () => {
    expect(new NGramIndex().idsOf([1, 2], 3)).toHaveLength(0);
    expect(new NGramIndex().idsOf([], 1)).toHaveLength(0);
  });
});
