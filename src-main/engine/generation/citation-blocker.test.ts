import { describe, expect, it } from 'vitest';
import { Random } from '../random.ts';
import { BLOCKED_AFTER_TOKENS, CitationBlocker } from './citation-blocker.ts';

/** Even tokens begin a word. */
const startsWord = (token: number) => token % 2 === 0;

describe('the citation blocker', () => {
  const blocker = new CitationBlocker([[2, 4, 6, 8, 10, 12, 3, 5, 14]], startsWord);

  it('forbids the training continuation after five generated tokens of the training text', () => {
    expect(blocker.forbidden([2, 4, 6, 8, 10])).toEqual(new Set([12]));
    expect(blocker.forbidden([9, 9, 2, 4, 6, 8, 10])).toEqual(new Set([12]));
  });

  it('does nothing after fewer, after other tokens, or at the end of a window', () => {
    expect(blocker.forbidden([])).toEqual(new Set());
    expect(blocker.forbidden([4, 6, 8, 10])).toEqual(new Set());
    expect(blocker.forbidden([2, 4, 6, 8, 11])).toEqual(new Set());
    expect(blocker.forbidden([10, 12, 3, 5, 14])).toEqual(new Set());
  });

  it('lets a word that has been begun be completed, then forbids the next word', () => {
    expect(blocker.forbidden([4, 6, 8, 10, 12])).toEqual(new Set());
    expect(blocker.forbidden([6, 8, 10, 12, 3])).toEqual(new Set());
    expect(blocker.forbidden([8, 10, 12, 3, 5])).toEqual(new Set([14]));
  });

  it('forbids all continuations of a run that occurs several times', () => {
    const windows = [
      [2, 4, 6],
      [2, 4, 8],
      [2, 4, 6],
    ];
    expect(new CitationBlocker(windows, startsWord, 2).forbidden([9, 2, 4])).toEqual(new Set([6, 8]));
  });

  it('forbids nothing without training text', () => {
    expect(new CitationBlocker([], startsWord).forbidden([1, 2, 3, 4, 5])).toEqual(new Set());
  });

  it('leaves no citation that goes on into a new word, however hard a text tries to recite', () => {
    const random = new Random(7);
    const training = Array.from({ length: 20 }, () => Array.from({ length: 40 }, () => random.below(12)));
    const strict = new CitationBlocker(training, startsWord);
    const text = recite(training, strict, random, 3000);
    for (let end = BLOCKED_AFTER_TOKENS; end < text.length; end++) {
      if (startsWord(text[end]!))
        expect(occurs(training, text.slice(end - BLOCKED_AFTER_TOKENS, end + 1))).toBe(false);
    }
    const free = recite(training, new CitationBlocker([], startsWord), random, 3000);
    expect(occurs(training, free.slice(0, 20))).toBe(true);
  });
});

/** Follows a training window from its beginning; where that is forbidden or over, goes on in another one. */
function recite(
  training: readonly (readonly number[])[],
  blocker: CitationBlocker,
  random: Random,
  length: number,
): number[] {
  const text: number[] = [];
  let [window, offset] = [training[0]!, 0];
  while (text.length < length) {
    const token = window[offset++];
    if (token !== undefined && !blocker.forbidden(text).has(token)) text.push(token);
    else [window, offset] = [training[random.below(training.length)]!, random.below(10)];
  }
  return text;
}

function occurs(training: readonly (readonly number[])[], run: readonly number[]): boolean {
  return training.some((tokens) =>
    tokens.some((_, offset) => run.every((token, place) => tokens[offset + place] === token)),
  );
}
