import { expect, it } from 'vitest';
import { prefixAt } from './predicted-positions.ts';

it('finds what was read before a position, over texts with and without positions', () => {
  const texts = [[1, 2, 3], [4], [5, 6]];
  expect([0, 1, 2].map((position) => prefixAt(texts, position))).toEqual([[1], [1, 2], [5]]);
  expect(() => prefixAt(texts, 3)).toThrow('no position 3');
});
