import { expect, it } from 'vitest';
import { percent, tokenWords } from './token-words.ts';

it('shows tokens that could not be seen', () => {
  expect(tokenWords(' sea')).toBe('␣sea');
  expect(tokenWords('\n\n')).toBe('⏎⏎');
  expect(tokenWords('')).toBe('(a part of a letter)');
  expect(tokenWords('a'.repeat(10_000))).toHaveLength(40);
});

it('tells small probabilities from none', () => {
  expect([1, 0.123, 0.0123, 0.0001, 0].map(percent)).toEqual([
    '100\u00a0%',
    '12\u00a0%',
    '1.2\u00a0%',
    '<\u00a00.1\u00a0%',
    '0\u00a0%',
  ]);
});
