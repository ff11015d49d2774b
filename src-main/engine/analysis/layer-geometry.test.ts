import { afterAll, describe, expect, it } from 'vitest';
import { Random } from '../random.ts';
import { ReferenceRuntime } from '../runtimes/reference/reference-runtime.ts';
import { distances, normalized, Spread, StateProducts } from './layer-geometry.ts';

const runtime = new ReferenceRuntime();
afterAll(() => runtime.close());

async function spreadOf(rows: readonly (readonly number[])[], groups: readonly number[] = [rows.length]) {
  const width = rows[0]!.length;
  const products = new StateProducts(runtime, { width, groups });
  const spread = await Spread.measure({ states: Float32Array.from(rows.flat()), width, groups }, products);
  await products.release();
  return spread;
}

/** From the covariance itself. */
function directRatio(rows: readonly (readonly number[])[]): number {
  const width = rows[0]!.length;
  const columns = Array.from({ length: width }, (_, column) => rows.map((row) => row[column]!));
  const centred = columns.map((column) => {
    const mean = column.reduce((sum, number) => sum + number, 0) / rows.length;
    return column.map((number) => number - mean);
  });
  let [trace, frobenius] = [0, 0];
  for (let i = 0; i < width; i++) {
    for (let j = 0; j < width; j++) {
      const covariance =
        centred[i]!.reduce((sum, number, row) => sum + number * centred[j]![row]!, 0) / rows.length;
      if (i === j) trace += covariance;
      frobenius += covariance ** 2;
    }
  }
  return trace ** 2 / frobenius;
}

function randomRows(count: number, width: number, seed: number): number[][] {
  const random = new Random(seed);
  return Array.from({ length: count }, () =>
    Array.from({ length: width }, (_, dimension) => random.normal() * (dimension + 1) + 50 * dimension),
  );
}

describe('the participation ratio', () => {
  it('is the number of directions that are used alike, wherever their middle is', async () => {
    const cross = [
      [1, 0, 0],
      [-1, 0, 0],
      [0, 1, 0],
      [0, -1, 0],
    ];
    expect((await spreadOf(cross)).participationRatio()).toBeCloseTo(2, 6);
    const moved = cross.map(([x, y, z]) => [x! + 100, y! - 30, z! + 7]);
    expect((await spreadOf(moved)).participationRatio()).toBeCloseTo(2, 6);
    const line = [1, 2, 5, 9].map((step) => [step, 2 * step, -step]);
    expect((await spreadOf(line)).participationRatio()).toBeCloseTo(1, 6);
  });

  it('is that of the covariance, with fewer or more states than dimensions', async () => {
    for (const count of [4, 60]) {
      const rows = randomRows(count, 9, count);
      expect((await spreadOf(rows)).participationRatio()).toBeCloseTo(directRatio(rows), 4);
    }
  });

  it('is at most the number of states less one', async () => {
    const rows = randomRows(3, 40, 5);
    const ratio = (await spreadOf(rows)).participationRatio();
    expect(ratio).toBeLessThanOrEqual(2);
    expect(ratio).toBeGreaterThan(1);
  });

  it('of groups that count several times, or not at all, is that of the states put together so', async () => {
    const groups = [5, 1, 7, 3];
    const rows = randomRows(16, 6, 2);
    const spread = await spreadOf(rows, groups);
    const parts = [rows.slice(0, 5), rows.slice(5, 6), rows.slice(6, 13), rows.slice(13)];
    for (const weights of [
      [1, 1, 1, 1],
      [0, 3, 1, 0],
      [2, 0, 0, 2],
    ]) {
      const together = parts.flatMap((part, group) =>
        Array.from({ length: weights[group]! }, () => part).flat(),
      );
      expect(spread.participationRatio(weights)).toBeCloseTo(directRatio(together), 4);
    }
  });

  it('is 0 where all states are the same', async () => {
    const spread = await spreadOf([
      [1, 2],
      [1, 2],
    ]);
    expect(spread.participationRatio()).toBe(0);
  });

  it('looks at more states than are multiplied at once', async () => {
    const rows = randomRows(1100, 3, 8);
    expect((await spreadOf(rows, [700, 400])).participationRatio()).toBeCloseTo(directRatio(rows), 4);
  });

  it('stops when it is told to', async () => {
    const products = new StateProducts(runtime, { width: 1, groups: [2] });
    const states = { states: Float32Array.of(1, 2), width: 1, groups: [2] };
    await expect(Spread.measure(states, products, AbortSignal.abort(new Error('enough')))).rejects.toThrow(
      'enough',
    );
    await products.release();
    expect(runtime.memoryUsed()).toBe(0);
  });
});

describe('distances of states', () => {
  it('are the cosine of the angle between them and the length of what lies between', () => {
    const { cosine, l2 } = distances(Float32Array.of(1, 0, 3, 4, 0, 0), Float32Array.of(0, 2, 6, 8, 1, 0), 2);
    expect([...cosine]).toEqual([0, 1, 0]);
    expect([...l2]).toEqual([Math.sqrt(5), 5, 1]);
  });
});

describe('normalised states', () => {
  it('have length one, but for those of none', () => {
    expect([...normalized(Float32Array.of(3, 4, 0, 0), 2)]).toEqual([
      Math.fround(0.6),
      Math.fround(0.8),
      0,
      0,
    ]);
  });
});
