import { describe, expect, it } from 'vitest';
import { summarizeOverlaps, TrainingOverlap } from './training-overlap.ts';

describe('training overlap', () => {
  const training = new TrainingOverlap([Int32Array.of(1, 2, 3, 4, 5), Int32Array.of(9, 3, 4, 5, 6, 7)]);

  it('finds the longest run and where it stands', () => {
    expect(training.longest([8, 3, 4, 5, 6, 0])).toEqual({
      length: 4,
      start: 1,
      source: { window: 1, offset: 1 },
    });
  });

  it('takes the first of equally long runs, and its first place in the training data', () => {
    expect(training.longest([6, 7, 0, 3, 4])).toEqual({
      length: 2,
      start: 0,
      source: { window: 1, offset: 4 },
    });
    expect(training.longest([3, 4, 5])).toEqual({ length: 3, start: 0, source: { window: 0, offset: 2 } });
  });

  it('does not run from one window into the next', () => {
    expect(training.longest([3, 4, 5, 9, 3]).length).toBe(3);
  });

  it('counts a single common token, and finds nothing in an empty text', () => {
    expect(training.longest([8, 2, 8])).toEqual({ length: 1, start: 1, source: { window: 0, offset: 1 } });
    expect(training.longest([8])).toEqual({ length: 0, start: 0, source: null });
    expect(training.longest([])).toEqual({ length: 0, start: 0, source: null });
  });

  it('is summed up as mean and maximum over texts', () => {
    const overlaps = [[1, 2, 3], [8], [6, 7]].map((text) => training.longest(text));
    // 3, 0 and 2 tokens.
    expect(summarizeOverlaps(overlaps)).toEqual({ mean: 5 / 3, max: 3 });
    expect(summarizeOverlaps([])).toEqual({ mean: 0, max: 0 });
  });
});
