import { expect, it } from 'vitest';
import { foundWords, withVisibleControls } from './text-words.ts';

it('says what is in a text', () => {
  expect(foundWords({ format: 'txt', texts: 1, characters: 45_000, problems: 0 })).toBe(
    '1 text, 45 thousand characters',
  );
  expect(foundWords({ format: 'csv', texts: 12, characters: 900, problems: 3 })).toBe(
    '12 texts, 900 characters, 3 things to look at',
  );
});

it('shows what cannot be seen, and leaves lines and letters as they are', () => {
  expect(withVisibleControls('a\u001b[31mb\u202ec\u200f\n\td 🌊 שלום <b>')).toBe(
    'a[U+001B][31mb[U+202E]c[U+200F]\n\td 🌊 שלום <b>',
  );
});
