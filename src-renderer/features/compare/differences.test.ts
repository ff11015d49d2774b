import { describe, expect, it } from 'vitest';
import { partingMark, partingOf, repeatedMarks, sharedMarks, uniqueMarks, wordsOf } from './differences.ts';
import { type Mark, startsOf } from './spans.ts';

const marked = (text: string, marks: readonly Mark[]) =>
  marks.map(({ start, end }) => text.slice(start, end));

describe('what texts share', () => {
  it('is told in runs of three words or more, wherever they stand in the first text', () => {
    const text = 'One day, the old boat sailed. And the fog came, and the night.';
    const first = 'The fog came and went; then the old boat sailed home.';
    expect(marked(text, sharedMarks(wordsOf(text), wordsOf(first)))).toEqual([
      'the old boat sailed',
      'the fog came, and',
    ]);
  });

  it('is nothing where less than three words are the same', () => {
    expect(sharedMarks(wordsOf('the old ship'), wordsOf('the old boat'))).toEqual([]);
    expect(sharedMarks(wordsOf(''), wordsOf('the old boat'))).toEqual([]);
    expect(sharedMarks(wordsOf('the sea'), wordsOf('the sea'))).toEqual([]);
  });

  it('and what none of the others has are whole words, of any language', () => {
    const text = 'Die Möwe schrie: l’été';
    expect(wordsOf(text).map(({ word }) => word)).toEqual(['die', 'möwe', 'schrie', 'l’été']);
    expect(marked(text, uniqueMarks(wordsOf(text), ['die See', 'SCHRIE laut'].map(wordsOf)))).toEqual([
      'Möwe',
      'l’été',
    ]);
    expect(uniqueMarks(wordsOf(text), [wordsOf(text)])).toEqual([]);
  });
});

describe('what came before', () => {
  it('is marked from piece to piece, three times and more alike', () => {
    const pieces = ['The', ' sea', ' sang', '.', ' The', ' sea'];
    const marks = repeatedMarks(startsOf(pieces), [0, 1, 1, 0, 3, 7]);
    expect(marked(pieces.join(''), marks)).toEqual([' sea sang', ' The sea']);
    expect(marks.map(({ name }) => name)).toEqual(['d1', 'd3']);
  });
});

describe('paths that part', () => {
  it('do so at the first piece that differs', () => {
    expect(partingOf(['a', 'b', 'c'], ['a', 'x', 'c'])).toBe(1);
    expect(partingOf(['x'], ['a'])).toBe(0);
  });

  it('have not parted while one is only longer', () => {
    expect(partingOf(['a', 'b'], ['a'])).toBeUndefined();
    expect(partingOf([], ['a'])).toBeUndefined();
  });

  it('are marked at a whole character that is seen', () => {
    const pieces = ['The', ' 🦊 ran', ' '];
    const marks = [0, 1, 2].map((piece) => partingMark(pieces.join(''), startsOf(pieces), piece));
    expect(marked(pieces.join(''), marks)).toEqual(['T', '🦊', ' ']);
  });
});
