import { describe, expect, it } from 'vitest';
import { findAll, nextLook, patternProblem } from './highlighters.ts';

describe('highlighters', () => {
  it('find in each text, upper and lower case alike, and count', () => {
    expect(findAll('se[ae]', ['The Sea, the SEE, the sky', ''])).toEqual([
      {
        count: 2,
        ranges: [
          [4, 7],
          [13, 16],
        ],
      },
      { count: 0, ranges: [] },
    ]);
  });

  it('keep ranges that touch together, and count all the same', () => {
    expect(findAll('.', ['sea'])).toEqual([{ count: 3, ranges: [[0, 3]] }]);
  });

  it('find nothing where the expression finds only emptiness', () => {
    expect(findAll('x*', ['sea'])).toEqual([{ count: 0, ranges: [] }]);
  });

  it('never cut a character in two', () => {
    expect(findAll('.', ['🦊'])).toEqual([{ count: 1, ranges: [[0, 2]] }]);
  });

  it('say what is wrong with an expression', () => {
    expect(patternProblem('(sea')).toBe(
      'This is no regular expression: unterminated group. A “\\” before a sign takes it as it is written.',
    );
    expect(patternProblem('sea+')).toBe('');
  });

  it('take the look that is used least', () => {
    expect(nextLook([])).toBe(0);
    expect(nextLook([0, 1, 3].map((look) => ({ pattern: 'a', look })))).toBe(2);
    expect(nextLook([0, 1, 2, 3, 4].map((look) => ({ pattern: 'a', look })))).toBe(0);
  });
});
