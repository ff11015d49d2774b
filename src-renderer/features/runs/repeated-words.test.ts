import { describe, expect, it } from 'vitest';
import { markRepeatedWords } from './repeated-words.ts';

describe('repeated words', () => {
  it('are those of a run of four that came before, each time stronger', () => {
    expect(markRepeatedWords('the sea was calm and the sea was calm').depths).toEqual([
      0, 0, 0, 0, 0, 1, 1, 1, 1,
    ]);
    const { depths } = markRepeatedWords('a b c d a b c d a b c d');
    expect(depths).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]);
  });

  it('are found whatever the case and the spaces', () => {
    expect(markRepeatedWords('One two three four.\n\nONE  two three four.').depths.slice(4)).toEqual([
      1, 1, 1, 1,
    ]);
  });

  it('lose nothing of the text', () => {
    for (const text of ['', ' ', '\n a  b\tc \n', '<b>x</b> y', 'plain'])
      expect(markRepeatedWords(text).pieces.join('')).toBe(text);
  });

  it('are none in a text shorter than a run', () => {
    expect(markRepeatedWords('no no no').depths).toEqual([0, 0, 0]);
  });
});
