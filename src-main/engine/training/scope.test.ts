import { describe, expect, it } from 'vitest';
import { describeScope, parseScope } from './scope.ts';

const model = { blocks: 22 };

describe('a scope', () => {
  it.each([
    ['full', undefined, 'the whole model'],
    ['all', Array.from({ length: 22 }, (_, block) => block), 'adapters on all 22 blocks'],
    ['last:5', [17, 18, 19, 20, 21], 'adapters on blocks 18-22 of 22'],
    ['first:2', [0, 1], 'adapters on blocks 1-2 of 22'],
    ['middle:4', [9, 10, 11, 12], 'adapters on blocks 10-13 of 22'],
    ['blocks:3,18-20,19', [2, 17, 18, 19], 'adapters on blocks 3, 18-20 of 22'],
  ])('%s chooses blocks, counted from 1 for people', (text, blocks, words) => {
    const scope = parseScope(text, model);
    expect(scope).toEqual(blocks === undefined ? { kind: 'full' } : { kind: 'adapter', blocks });
    expect(describeScope(scope, model)).toBe(words);
  });

  it.each([
    ['last:23', 'asks for 23 blocks, but this model has 22'],
    ['blocks:23', 'Block 23 does not exist: this model has blocks 1 to 22'],
    ['blocks:5-3', '"5-3" is not a block or a range'],
    ['blocks:0', 'needs whole numbers from 1 on'],
    ['last:x', 'needs whole numbers from 1 on, not "x"'],
    ['last', 'does not say which layers learn'],
    ['everything', 'does not say which layers learn'],
  ])('refuses %s', (text, message) => expect(() => parseScope(text, model)).toThrow(message));
});
