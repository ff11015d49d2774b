import { expect, it } from 'vitest';
import { coverage, wordForms } from './coverage.ts';

it('reads words in small letters, keeps contractions, and takes the possessive for its owner', () => {
  expect(wordForms("Anna's clock said: \"It isn't nine o'clock!\"")).toEqual([
    'anna',
    'clock',
    'said',
    'it',
    "isn't",
    'nine',
    "o'clock",
  ]);
});

it('tells the share of running words from the share of forms', () => {
  const result = coverage('the cat saw the zebra', new Set(['the', 'cat', 'saw']));
  expect(result).toEqual({ words: 0.8, forms: 0.75, missing: ['zebra'] });
});
