import { describe, expect, it } from 'vitest';
import { GrowingPoints, pointsOf, valueAt } from './points.ts';
import { thin } from './thin.ts';

const line = (ys: readonly (number | null)[]) =>
  pointsOf(
    ys.map((y, x) => ({ x, y })),
    ({ x }) => x,
    ({ y }) => y,
  );
const wave = Array.from({ length: 100_000 }, (_, place) => Math.sin(place / 500) + (place % 7) / 100);

describe('points', () => {
  it('keep everything that was added, however long the line grows', () => {
    const points = new GrowingPoints();
    for (let x = 0; x < 5_000; x++) points.push(x, x / 2);
    expect(points.length).toBe(5_000);
    expect([points.x[4_999], points.y[4_999]]).toEqual([4_999, 2_499.5]);
  });

  it('tell the value at a place or the nearest before it', () => {
    const points = line([3, null, 5]);
    expect([0, 1, 1.7, 2, 9].map((x) => valueAt(points, x))).toEqual([3, 3, 3, 5, 5]);
    expect(valueAt(points, -1)).toBeUndefined();
    expect(valueAt(line([]), 4)).toBeUndefined();
  });
});

describe('thinning', () => {
  it('keeps the lowest and the highest of a hundred thousand points among two for each column', () => {
    const spiky = [...wave];
    spiky[41_234] = 99;
    spiky[77_777] = -99;
    const pairs = thin(line(spiky), [0, 100_000], 500);
    expect(pairs.length).toBeLessThanOrEqual(1_000);
    expect(pairs).toContainEqual([41_234, 99]);
    expect(pairs).toContainEqual([77_777, -99]);
  });

  it('keeps the order of the points', () => {
    const xs = thin(line(wave), [0, 100_000], 300).map(([x]) => x);
    expect(xs).toEqual(xs.toSorted((a, b) => a - b));
  });

  it('keeps every point where there is room for all', () => {
    expect(thin(line([1, 2, 3]), [0, 2], 100)).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
  });

  it('keeps what is in the range and one point on each side', () => {
    const xs = thin(line(wave), [1_000, 1_010], 100).map(([x]) => x);
    expect([xs.at(0), xs.at(-1)]).toEqual([999, 1_010]);
    expect(thin(line(wave), [1_000.5, 1_009.5], 100).at(-1)?.[0]).toBe(1_010);
  });

  it('drops what was not measured and, on a logarithmic axis, what is not positive', () => {
    const points = line([1, null, 0, -2, 4]);
    expect(thin(points, [0, 4], 10).map(([x]) => x)).toEqual([0, 2, 3, 4]);
    expect(thin(points, [0, 4], 10, true).map(([x]) => x)).toEqual([0, 4]);
    expect(thin(line(wave.map(() => 0)), [0, 100_000], 10, true)).toEqual([]);
  });
});
