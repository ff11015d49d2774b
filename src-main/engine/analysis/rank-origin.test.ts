import { expect, it } from 'vitest';
import { rankOrigin } from './rank-origin.ts';

it('counts ranks at the borders of the buckets, with both denominators of the deep tail', () => {
  const found = rankOrigin([1, 1, 1, 2, 10, 11, 50, 51, 200, 201]);
  expect(found).toEqual({
    tokens: 10,
    buckets: [3, 2, 2, 2, 1],
    overrideShare: 7 / 10,
    deepTailOfAll: 5 / 10,
    deepTailOfOverrides: 5 / 7,
  });
});

it('has no share of nothing', () => {
  expect(rankOrigin([])).toMatchObject({ tokens: 0, overrideShare: null, deepTailOfAll: null });
  expect(rankOrigin([1, 1])).toMatchObject({ overrideShare: 0, deepTailOfAll: 0, deepTailOfOverrides: null });
});
