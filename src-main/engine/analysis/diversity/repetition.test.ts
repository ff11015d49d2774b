import { describe, expect, it } from 'vitest';
import { distinct, distinctByText, meanRepetition, repetition, repetitionDepth } from './repetition.ts';

describe('rep-n', () => {
  it('counts n-grams that come again', () => {
    // 12 23 31 12: three different ones of four.
    expect(repetition([1, 2, 3, 1, 2], 2)).toBe(1 - 3 / 4);
    // 111 111: one of two.
    expect(repetition([1, 1, 1, 1], 3)).toBe(1 - 1 / 2);
  });

  it('is averaged over texts, a text shorter than n counting as 0', () => {
    expect(meanRepetition([[1], [], [1, 1, 1]], 2)).toBe((0 + 0 + 1 / 2) / 3);
    expect(meanRepetition([], 2)).toBe(0);
  });
});

describe('distinct-n', () => {
  it('counts n-grams over all texts together, none across two texts', () => {
    const texts = [
      [1, 2, 3],
      [1, 2, 4],
    ];
    // 12 23 | 12 24: three different ones of four.
    expect(distinct(texts, 2)).toBe(3 / 4);
  });

  it('is 0 where there is no n-gram', () => {
    expect(distinct([[1], []], 2)).toBe(0);
    expect(distinct([], 1)).toBe(0);
  });
});

describe('distinct-n by text', () => {
  it('adds up to that of all texts, and gives each its part of what they share', () => {
    const texts = [[1, 2, 3], [1, 2, 1, 2], [9]];
    const { different, nGrams } = distinctByText(texts, 2);
    // 12 stands in three places, 23 and 21 in one each.
    expect(different).toEqual([1 / 3 + 1, 1 / 3 + 1 + 1 / 3, 0].map((share) => expect.closeTo(share, 12)));
    expect(nGrams).toEqual([2, 3, 0]);
    expect((different[0]! + different[1]!) / 5).toBeCloseTo(distinct(texts, 2), 12);
  });
});

describe('repetition depth', () => {
  it('tells for each token how often its n-gram came before', () => {
    expect(repetitionDepth([1, 2, 9, 1, 2, 8, 1, 2], 2)).toEqual([0, 0, 0, 1, 1, 0, 2, 2]);
  });

  it('takes the most repeated of the n-grams that cover a token', () => {
    // 11 new, 11 once before, 11 twice before: the middle tokens belong to two of them.
    expect(repetitionDepth([1, 1, 1, 1], 2)).toEqual([0, 1, 2, 2]);
  });

  it('is 0 throughout in a text shorter than n', () => {
    expect(repetitionDepth([1, 1], 3)).toEqual([0, 0]);
    expect(repetitionDepth([], 3)).toEqual([]);
  });
});
