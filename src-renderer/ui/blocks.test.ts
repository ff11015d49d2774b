import { describe, expect, it } from 'vitest';
import { blocksOf, fittedScope, scopeOf } from './blocks.ts';

const COUNT = 8;

describe('the blocks of a scope', () => {
  it.each([
    ['full', [0, 1, 2, 3, 4, 5, 6, 7]],
    ['all', [0, 1, 2, 3, 4, 5, 6, 7]],
    ['last:3', [5, 6, 7]],
    ['first:2', [0, 1]],
    ['middle:3', [2, 3, 4]],
    ['blocks:1,4-6', [0, 3, 4, 5]],
    ['blocks:', []],
  ])('%s', (scope, blocks) => expect([...blocksOf(scope, COUNT)]).toEqual(blocks));
});

describe('a chosen set of blocks', () => {
  it.each(['all', 'last:3', 'first:2', 'middle:3', 'blocks:1,4-6', 'blocks:2', 'blocks:'])(
    'is said as %s again',
    (scope) => expect(scopeOf(blocksOf(scope, COUNT), COUNT)).toBe(scope),
  );

  it('is said in the shortest way', () => {
    expect(scopeOf(new Set([7, 5, 6]), COUNT)).toBe('last:3');
    expect(scopeOf(blocksOf('blocks:1-8', COUNT), COUNT)).toBe('all');
  });
});

describe('a scope for another model', () => {
  it.each([
    ['last:5', 'last:3'],
    ['full', 'full'],
    ['blocks:2-6', 'blocks:2-3'],
    ['blocks:6-7', 'all'],
    ['blocks:', 'blocks:'],
  ])('%s becomes %s where there are three blocks', (scope, fitted) =>
    expect(fittedScope(scope, 3)).toBe(fitted),
  );
});
