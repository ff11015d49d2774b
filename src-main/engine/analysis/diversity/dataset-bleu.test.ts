import { describe, expect, it } from 'vitest';
import { datasetBleuScores } from './dataset-bleu.ts';
import { selfBleuScores } from './self-bleu.ts';

const WINDOWS = [
  [1, 2, 3, 4, 5, 6],
  [7, 8, 7, 8, 9, 1],
];

describe('dataset BLEU', () => {
  it('is 1 for a training window or a part of one, and 0 without a common token', () => {
    const texts = [WINDOWS[0]!, WINDOWS[0]!.slice(1, 5), [20, 21, 22, 23, 24, 25]];
    const [copied, partly, own] = datasetBleuScores(texts, WINDOWS);
    expect(copied).toBeCloseTo(1, 12);
    expect(partly).toBeCloseTo(1, 12);
    expect(own).toBe(0);
  });

  it('clips a count by the window that has the n-gram most often, not by all windows together', () => {
    // Three times 7, twice in the second window; 1 stands once in either.
    expect(datasetBleuScores([[7, 7, 7, 1, 1, 30]], WINDOWS, 1)[0]).toBeCloseTo(3 / 6, 12);
  });

  it('does not depend on the other texts', () => {
    const text = [1, 2, 3, 8, 9, 1];
    expect(datasetBleuScores([text, text, [5, 5]], WINDOWS)[0]).toBe(datasetBleuScores([text], WINDOWS)[0]);
  });

  it('is what self-BLEU says of a text among the windows, where it is as long as they are', () => {
    const text = [1, 2, 3, 8, 9, 2];
    expect(datasetBleuScores([text], WINDOWS)[0]).toBeCloseTo(selfBleuScores([text, ...WINDOWS])[0]!, 14);
  });

  it('is 0 for an empty text and where there is no window', () => {
    expect(datasetBleuScores([[]], WINDOWS)).toEqual([0]);
    expect(datasetBleuScores([[1, 2]], [])).toEqual([0]);
  });
});
