import { describe, expect, it } from 'vitest';
import { Random } from '../../random.ts';
import { SuffixArray } from './suffix-array.ts';

const windows = [
  [1, 2, 3, 1, 2, 4],
  [2, 3, 1],
];

describe('a suffix array', () => {
  const runs = new SuffixArray(windows);

  it('finds the first place of a run', () => {
    expect(runs.firstOccurrence([1, 2], 0, 2)).toEqual({ window: 0, offset: 0 });
    expect(runs.firstOccurrence([9, 2, 4], 1, 3)).toEqual({ window: 0, offset: 4 });
    expect(runs.firstOccurrence([2, 1], 0, 2)).toBeUndefined();
  });

  it('knows all continuations of a run, none at the end of a window', () => {
    expect(runs.continuations([1, 2], 0, 2)).toEqual(new Set([3, 4]));
    expect(runs.continuations([2, 3, 1], 0, 3)).toEqual(new Set([2]));
    expect(runs.continuations([2, 4], 0, 2)).toEqual(new Set());
  });

  it('lets no run cross windows', () => {
    expect(runs.longestMatch([1, 2, 4, 2, 3], 0)).toBe(3);
  });

  it('holds nothing where there are no tokens', () => {
    for (const empty of [new SuffixArray([]), new SuffixArray([[], []])]) {
      expect(empty.longestMatch([0, 1], 0)).toBe(0);
      expect(empty.continuations([0], 0, 1)).toEqual(new Set());
      expect(empty.firstOccurrence([0], 0, 1)).toBeUndefined();
    }
  });

  it.each([1, 2, 3, 40])('agrees with a search through all places, %i different tokens', (alphabet) => {
    const random = new Random(alphabet);
    const text = (longest: number) =>
      Array.from({ length: random.below(longest + 1) }, () => random.below(alphabet));
    for (let round = 0; round < 30; round++) {
      const training = Array.from({ length: 5 }, () => text(20));
      const index = new SuffixArray(training);
      const query = text(12);
      for (let start = 0; start < query.length; start++) {
        let longest = 0;
        for (let end = start + 1; end <= query.length; end++) {
          const places = search(training, query.slice(start, end));
          if (places.length > 0) longest = end - start;
          expect(index.firstOccurrence(query, start, end)).toEqual(places[0]);
          const following = places.map(({ window, offset }) => training[window]![offset + end - start]);
          expect(index.continuations(query, start, end)).toEqual(
            new Set(following.filter((token) => token !== undefined)),
          );
        }
        expect(index.longestMatch(query, start)).toBe(longest);
      }
    }
  });
});

function search(training: readonly (readonly number[])[], run: readonly number[]) {
  return training.flatMap((tokens, window) =>
    tokens
      .map((_, offset) => ({ window, offset }))
      .filter(({ offset }) => run.every((token, place) => tokens[offset + place] === token)),
  );
}
