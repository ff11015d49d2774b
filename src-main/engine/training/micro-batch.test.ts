import { expect, it } from 'vitest';
import { microBatchOf } from './micro-batch.ts';

it.each([
  [8, null, 8],
  [8, 4, 4],
  [8, 3, 2],
  [7, 3, 1],
  [4, 16, 4],
])('computes a batch of %i windows, %s at most at a time, in parts of %i', (batch, atMost, expected) => {
  expect(microBatchOf(batch, atMost)).toBe(expected);
});
