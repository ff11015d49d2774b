import { expect, it } from 'vitest';
import { below, createRandom, pick, sample } from './random.ts';

it('repeats its numbers for a seed, and differs between neighbouring seeds', () => {
  const draw = (seed: number) => Array.from({ length: 5 }, createRandom(seed));
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
});

it('spreads its numbers evenly', () => {
  const random = createRandom(3);
  const counts = [0, 0, 0, 0];
  for (let index = 0; index < 40_000; index++) counts[below(random, 4)]!++;
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
});

it('draws different items, and refuses to pick from nothing', () => {
  const random = createRandom(4);
  expect(sample(random, ['a', 'b', 'c'], 3).sort()).toEqual(['a', 'b', 'c']);
  expect(() => pick(random, [])).toThrow('nothing to pick');
});
