import { expect, it } from 'vitest';
import { Random } from './random.ts';

const draw = (random: Random) => Array.from({ length: 5 }, () => random.integer());

it('repeats its numbers for a seed, and differs between neighbouring seeds', () => {
  expect(draw(new Random(1))).toEqual(draw(new Random(1)));
  expect(draw(new Random(1))).not.toEqual(draw(new Random(2)));
});

it('goes on from a state that was kept', () => {
  const random = new Random(1);
  draw(random);
  const later = new Random(random.state);
  expect(draw(later)).toEqual(draw(random));
});

it('spreads its numbers evenly', () => {
  const random = new Random(3);
  const counts = [0, 0, 0, 0];
  for (let index = 0; index < 40_000; index++) counts[random.below(4)]!++;
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
});

it('shuffles so that every item comes to every place', () => {
  const random = new Random(5);
  const firsts = new Set(Array.from({ length: 100 }, () => random.shuffled([1, 2, 3, 4])[0]));
  expect([...firsts].sort()).toEqual([1, 2, 3, 4]);
});
