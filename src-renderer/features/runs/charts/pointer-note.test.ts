import { expect, it } from 'vitest';
import { valueWords } from './pointer-note.ts';

it('tells values of any size with digits that say something', () => {
  expect([0, 5.25, 0.0512, 1.2e-5, -0.5].map(valueWords)).toEqual([
    '0.000',
    '5.250',
    '0.0512',
    '1.2e-5',
    '-0.500',
  ]);
});
