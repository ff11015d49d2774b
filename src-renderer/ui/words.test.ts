import { expect, it } from 'vitest';
import { bytes, count, scopeWords, withoutGaps } from './words.ts';

it('says sizes as people do', () => {
  expect([bytes(12), bytes(314_159_265), bytes(2.5e9)]).toEqual(['1 kB', '314 MB', '2.5 GB']);
  expect([count(2048), count(135_000), count(1_740_000), count(7.2e9)]).toEqual([
    '2048',
    '135 thousand',
    '1.7 million',
    '7.2 billion',
  ]);
});

it('says what learns', () => {
  expect(scopeWords('full')).toBe('the whole model');
  expect(scopeWords('last:5')).toBe('adapters on the last 5 blocks (LoRA)');
});

it('tells the number of empty lines in place of many', () => {
  expect(withoutGaps('a\n\nb')).toBe('a\n\nb');
  expect(withoutGaps(`a${'\n'.repeat(24)}b`)).toBe('a\n[23 empty lines]\nb');
});
