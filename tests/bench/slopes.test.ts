import { expect, it } from 'vitest';
import type { Comparison } from './comparison.ts';
import { findSize, TINY_AMOUNTS } from './sizes.ts';
import { fitLine, slopeRows, slopesOf } from './slopes.ts';

const OPTIONS = { amounts: TINY_AMOUNTS, runtime: 'cpu', runtimes: ['cpu'], device: 'cpu' };

it('finds the line that points lie on', () => {
  const { slope, intercept, residual } = fitLine([1, 4, 9].map((x) => ({ x, y: 3 * x - 2 })));
  expect(slope).toBeCloseTo(3);
  expect(intercept).toBeCloseTo(-2);
  expect(residual).toBeCloseTo(0);
});

it('tells how far the farthest point lies from the line that is nearest to all', () => {
  const { slope, intercept, residual } = fitLine([
    { x: 0, y: 1 },
    { x: 1, y: 4 },
    { x: 2, y: 1 },
  ]);
  expect(slope).toBeCloseTo(0);
  expect(intercept).toBeCloseTo(2);
  expect(residual).toBeCloseTo(1);
});

it('changes one thing at a time, and takes preparation and epochs apart', () => {
  const rows = slopeRows(findSize('190m', true), OPTIONS);
  for (const row of rows) {
    const places = row.contenders.map(({ x }) => x!);
    expect(new Set(places).size).toBe(places.length);
    const comparison: Comparison = {
      row,
      measured: row.contenders.map((contender) => ({
        ...{ contender, variant: '' },
        results: [
          {
            // Three epochs of 2 s and 1 s for each, after 10 s and 5 s for each.
            ...{
              seconds: 10 + 5 * contender.x! + 3 * (2 + contender.x!),
              preparationSeconds: 10 + 5 * contender.x!,
            },
            ...{ operations: null, peakMiB: null, librariesMiB: null, loss: null, software: '' },
          },
        ],
      })),
    };
    const slopes = slopesOf(comparison);
    expect(slopes.map(({ what }) => what)).toEqual(['preparation', 'an epoch']);
    const [preparation, epoch] = slopes;
    expect([preparation!.slope, preparation!.intercept]).toEqual([expect.closeTo(5), expect.closeTo(10)]);
    expect([epoch!.slope, epoch!.intercept]).toEqual([expect.closeTo(1), expect.closeTo(2)]);
  }
});
