import { describe, expect, it } from 'vitest';
import { argMax, entropy } from './diversity/predictions.ts';
import { atTemperature, matchTemperature } from './temperature-match.ts';

/** Of two tokens whose logits are 2 apart. */
const twoTokens = Float32Array.of(0, 2);

function counted(logits: Float32Array) {
  const looks: number[] = [];
  const entropyAt = async (temperature: number) => {
    looks.push(temperature);
    return entropy(logits, temperature);
  };
  return { looks, entropyAt };
}

describe('the matched temperature', () => {
  it.each([0.05, 0.4, 1, 3, 15])('is found again where it was %d', async (temperature) => {
    const { entropyAt, looks } = counted(twoTokens);
    const found = await matchTemperature(entropy(twoTokens, temperature), entropyAt);
    expect(found![1]).toBeCloseTo(entropy(twoTokens, temperature), 6);
    if (temperature > 0.1 && temperature < 10) expect(found![0]).toBeCloseTo(temperature, 4);
    expect(looks.length).toBeLessThan(40);
  });

  it('begins between the nearest points that are known', async () => {
    const { entropyAt, looks } = counted(twoTokens);
    const known = [0.2, 0.5, 0.7, 1.5].map((at) => [at, entropy(twoTokens, at)] as const);
    const found = await matchTemperature(entropy(twoTokens, 0.6), entropyAt, known);
    expect(found![0]).toBeCloseTo(0.6, 5);
    expect(Math.min(...looks)).toBeGreaterThan(0.5);
    expect(Math.max(...looks)).toBeLessThan(0.7);
  });

  it('is a known point that already meets the target', async () => {
    const { entropyAt, looks } = counted(twoTokens);
    const point = [0.5, entropy(twoTokens, 0.5)] as const;
    expect(await matchTemperature(point[1], entropyAt, [point])).toEqual(point);
    expect(looks).toEqual([]);
  });

  it('is none where the other model is more unsure than any temperature makes this one, or surer', async () => {
    const { entropyAt } = counted(twoTokens);
    expect(await matchTemperature(Math.LN2 + 0.1, entropyAt)).toBeUndefined();
    // Two equal tokens stay so at every temperature.
    expect(await matchTemperature(0.1, counted(Float32Array.of(1, 1)).entropyAt)).toBeUndefined();
  });
});

it('divides logits in float32 and leaves the given ones alone', () => {
  const logits = Float32Array.of(1, 3, -2);
  const divided = atTemperature(0.7)(logits);
  expect(divided).toEqual(Float32Array.of(1 / 0.7, 3 / 0.7, -2 / 0.7));
  expect([...logits]).toEqual([1, 3, -2]);
  expect(argMax(divided)).toBe(argMax(logits));
});
