import { describe, expect, it } from 'vitest';
import { pieceAt, spansOf, startsOf } from './spans.ts';

const shown = (text: string, ...layers: Parameters<typeof spansOf>[1][number][]) =>
  spansOf(text, layers).map(({ text: part, names }) => [part, ...names]);

describe('spans', () => {
  it('give the text again where nothing is marked', () => {
    expect(spansOf('The sea.', [])).toEqual([{ start: 0, text: 'The sea.', names: [] }]);
    expect(spansOf('', [])).toEqual([]);
  });

  it('have the names of all marks that lie over each other', () => {
    const copied = [{ start: 4, end: 11, name: 'copied' }];
    const words = [
      { start: 0, end: 7, name: 'd1' },
      { start: 7, end: 8, name: 'd2' },
    ];
    expect(shown('The sea was grey.', copied, words)).toEqual([
      ['The ', 'd1'],
      ['sea', 'copied', 'd1'],
      [' ', 'copied', 'd2'],
      ['was', 'copied'],
      [' grey.'],
    ]);
  });

  it('leave out marks of nothing, and what a mark says beyond the text', () => {
    expect(shown('sea', [{ start: 1, end: 1, name: 'a' }], [{ start: 2, end: 9, name: 'b' }])).toEqual([
      ['se'],
      ['a', 'b'],
    ]);
  });

  it('leave out the space at the beginning, with the marks of it', () => {
    const spans = spansOf('  a sea', [[{ start: 0, end: 3, name: 'd1' }]]);
    expect(spans).toEqual([
      { start: 2, text: 'a', names: ['d1'] },
      { start: 3, text: ' sea', names: [] },
    ]);
  });

  it('keep many empty lines together, wherever marks begin within them', () => {
    const text = `a${'\n'.repeat(10)}b`;
    expect(shown(text, [{ start: 5, end: 12, name: 'd1' }])).toEqual([
      ['a'],
      ['\n[9 empty lines]\n', 'd1'],
      ['b', 'd1'],
    ]);
    expect(shown(text, [{ start: 0, end: 5, name: 'd1' }])).toEqual([
      ['a', 'd1'],
      ['\n[9 empty lines]\n', 'd1'],
      ['b'],
    ]);
  });

  it('know which piece a character stands in', () => {
    const starts = startsOf(['The', ' sea', '', '.']);
    expect(starts).toEqual([0, 3, 7, 7, 8]);
    expect([0, 2, 3, 6, 7, 8].map((place) => pieceAt(starts, place))).toEqual([0, 0, 1, 1, 3, 3]);
    expect(pieceAt(startsOf([]), 0)).toBe(0);
  });
});
