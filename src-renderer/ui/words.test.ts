import { expect, it } from 'vitest';
import { bytes, count, scopeWords, secondsRange, withoutGaps } from './words.ts';

it('says sizes as people do', () => {
  expect([bytes(12), bytes(314_159_265), bytes(2.5e9)]).toEqual(['1\u00a0kB', '314\u00a0MB', '2.5\u00a0GB']);
  expect([count(2048), count(135_000), count(1_740_000), count(7.2e9)]).toEqual([
    '2048',
    '135 thousand',
    '1.7 million',
    '7.2 billion',
  ]);
});

it('says what learns', () => {
  expect(scopeWords('full')).toBe('the whole model');
  expect(scopeWords('last:1')).toBe('adapters on the last block (LoRA)');
  expect(scopeWords('last:5')).toBe('adapters on the last 5 blocks (LoRA)');
});

it('tells the number of empty lines in place of many', () => {
  expect(withoutGaps('a\n\nb')).toBe('a\n\nb');
  expect(withoutGaps(`a${'\n'.repeat(24)}b`)).toBe('a\n[23 empty lines]\nb');
});

it('says how long something takes in the unit that fits', () => {
  expect(secondsRange({ low: 12, high: 19.6 })).toBe('12 to 20 seconds');
  expect(secondsRange({ low: 70, high: 170 })).toBe('1 to 3 minutes');
  expect(secondsRange({ low: 3000, high: 9000 })).toBe('1 to 2.5 hours');
  expect(secondsRange({ low: 0, high: 0.2 })).toBe('about a second');
});
