import { expect, it } from 'vitest';
import { Random } from '../../src-main/engine/random.ts';
import { pick, sample } from './draw.ts';

it('draws different items, and refuses to pick from nothing', () => {
  const random = new Random(4);
  expect(sample(random, ['a', 'b', 'c'], 3).sort()).toEqual(['a', 'b', 'c']);
  expect(() => pick(random, [])).toThrow('nothing to pick');
});
