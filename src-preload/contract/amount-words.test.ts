import { expect, it } from 'vitest';
import { bytes, durationWords } from './amount-words.ts';

it('tells times as people do', () => {
  expect([0.4, 59.4, 59.7, 90, 3_599, 3_600, 7_500, 260_000].map(durationWords)).toEqual([
    ...['0 s', '59 s', '1 min', '2 min', '1 h', '1 h', '2 h 5 min', '3 days'],
  ]);
});

it('tells sizes as people do', () => {
  expect([bytes(12), bytes(314_159_265), bytes(2.5e9)]).toEqual(['1\u00a0kB', '314\u00a0MB', '2.5\u00a0GB']);
});
