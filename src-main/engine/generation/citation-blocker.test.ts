import { describe, expect, it } from 'vitest';
import { CitationBlocker } from './citation-blocker.ts';

/** Even tokens begin a word. */
const startsWord = (token: number) => token % 2 === 0;
const training = [[2, 4, 6, 8, 10, 12, 3, 5, 14]];

describe('the citation blocker', () => {
  const blocker = new CitationBlocker(training, startsWord);

  it('forbids the training continuation after five generated tokens of the training text', () => {
    expect(blocker.forbidden([2, 4, 6, 8, 10])).toEqual([12]);
  });
  it('does nothing after fewer, or after other tokens', () => {
    expect(blocker.forbidden([4, 6, 8, 10])).toEqual([]);
    expect(blocker.forbidden([2, 4, 6, 8, 11])).toEqual([]);
  });
  it('lets a word that has been begun be completed', () => {
    expect(blocker.forbidden([4, 6, 8, 10, 12])).toEqual([]);
    expect(blocker.forbidden([8, 10, 12, 3, 5])).toEqual([14]);
  });
  it('knows all continuations of a run that occurs several times', () => {
    const twice = new CitationBlocker(
      [
        [2, 4, 6],
        [2, 4, 8],
        [2, 4, 6],
      ],
      startsWord,
      2,
    );
    expect(twice.forbidden([9, 2, 4])).toEqual([6, 8]);
  });
});
