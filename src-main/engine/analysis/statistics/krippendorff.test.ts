import { describe, expect, it } from 'vitest';
import { krippendorffAlpha } from './krippendorff.ts';

describe("Krippendorff's alpha", () => {
  it('is 1 where all agree and 0 or less where they do no better than chance', () => {
    expect(
      krippendorffAlpha([
        ['A', 'A'],
        ['B', 'B', 'B'],
      ]),
    ).toBe(1);
    expect(
      krippendorffAlpha([
        ['A', 'B'],
        ['B', 'A'],
      ]),
    ).toBeLessThan(0);
  });

  it("gives the number of Krippendorff's own example with missing values", () => {
    // "Computing Krippendorff's Alpha-Reliability" (2011), part C: four observers, twelve units, nominal α = 0.743.
    const observers = [
      [1, 2, 3, 3, 2, 1, 4, 1, 2, null, null, null],
      [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, null, 3],
      [null, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, null],
      [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, null],
    ];
    const units = observers[0]!.map((_, unit) =>
      observers.map((judgements) => judgements[unit]?.toString() ?? null),
    );
    expect(krippendorffAlpha(units)).toBeCloseTo(0.743, 3);
  });

  it('leaves out what only one person judged', () => {
    const judged = [
      ['A', 'A'],
      ['B', 'B'],
      ['A', 'B'],
    ];
    expect(krippendorffAlpha([...judged, ['B', null], [null, null], []])).toBe(krippendorffAlpha(judged));
  });

  it('is not known where nothing was judged twice, or all judgements are the same', () => {
    expect(krippendorffAlpha([['A'], ['B', null]])).toBeNull();
    expect(krippendorffAlpha([['A', 'A']])).toBeNull();
    expect(krippendorffAlpha([])).toBeNull();
  });
});
