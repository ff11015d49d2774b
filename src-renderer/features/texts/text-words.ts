/** How a text's format and its problems are called on the screens. */
import type { Inspection, ProblemKind, TextFile } from '../../../src-preload/contract/endpoints/texts.ts';
import { count } from '../../ui/words.ts';

export const FORMAT_WORDS: Readonly<Record<Inspection['format'], string>> = {
  txt: 'Plain text, one piece of writing',
  jsonl: 'JSON Lines, a record a line',
  csv: 'Table (CSV), a record a row',
  parquet: 'Table (Parquet), a record a row',
};

/** Each with what comes of it. */
export const PROBLEM_WORDS: Readonly<Record<ProblemKind, string>> = {
  unreadable: 'Cannot be read: the text cannot be used before that is put right',
  missing: 'Has no such column: the text cannot be used before that is put right',
  'not-text': 'Something else than text: the text cannot be used before that is put right',
  unrecognized: 'No part of it is known to be the text: choose one above',
  empty: 'Empty: left out',
  short: 'Very short: left out if it fills no piece',
  duplicate: 'Comes again: equal pieces are taken once',
  'odd-characters': 'Odd characters: learned as they are',
};

/** Of a text in the list: "12 texts, 45 thousand characters, 3 things to look at". */
export function foundWords({ texts, characters, problems }: NonNullable<TextFile['found']>): string {
  const parts = [texts === 1 ? '1 text' : `${count(texts)} texts`, `${count(characters)} characters`];
  if (problems > 0)
    parts.push(problems === 1 ? '1 thing to look at' : `${count(problems)} things to look at`);
  return parts.join(', ');
}

/** Control characters, marks of direction, and a byte-order mark within the text. */
const UNSEEN = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** Characters that cannot be seen, or that turn the direction of what follows, by their codes. */
export function withVisibleControls(text: string): string {
  return text.replaceAll(UNSEEN, (character) =>
    character === '\n' || character === '\t'
      ? character
      : `[U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}]`,
  );
}
