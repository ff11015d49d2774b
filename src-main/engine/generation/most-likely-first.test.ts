import { describe, expect, it } from 'vitest';
import { Random } from '../random.ts';
import { mostLikelyFirst } from './most-likely-first.ts';

describe('tokens, the most likely first', () => {
  it('come by falling score, equals by rising id', () => {
    expect([...mostLikelyFirst(Float64Array.of(1, 3, 2, 3, 1))]).toEqual([1, 3, 2, 0, 4]);
  });

  it('come without those of score −∞', () => {
    expect([...mostLikelyFirst(Float64Array.of(Number.NEGATIVE_INFINITY, 0))]).toEqual([1]);
    expect([...mostLikelyFirst(Float64Array.of())]).toEqual([]);
  });

  it('come as a full sort has them', () => {
    const random = new Random(3);
    const scores = Float64Array.from({ length: 500 }, () => random.below(100));
    const sorted = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]! || a - b);
    expect([...mostLikelyFirst(scores)]).toEqual(sorted);
  });
});
