import { describe, expect, it } from 'vitest';
import { Random } from '../../engine/random.ts';
import { type ArmNumbers, type HeldOut, measureTexts } from './arm-numbers.ts';
import { measuresOf } from './measures.ts';

const random = new Random(5);
/** Texts of tokens by chance: the fewer there are, the more they repeat. */
const texts = (vocabulary: number, count = 40) =>
  Array.from({ length: count }, () => Array.from({ length: 64 }, () => random.below(vocabulary)));
const numbers = (own: readonly (readonly number[])[], more: Partial<ArmNumbers> = {}): ArmNumbers => ({
  texts: measureTexts(own),
  ...{ overlaps: null, heldOut: null, notes: [], ...more },
});
const heldOut = (changes: Partial<HeldOut> = {}): HeldOut => ({
  windows: 'the same',
  losses: [3, 6],
  entropies: [1, 2],
  positions: [3, 3],
  preferred: [
    [1, 2, 3],
    [4, 5, 6],
  ],
  ...changes,
});

describe('measures beside those of the first arm', () => {
  it('tell how far they differ, with an interval that holds the difference, also where texts are measured together', () => {
    const [poor, rich] = [numbers(texts(12)), numbers(texts(200))];
    const measures = measuresOf(rich, poor);
    for (const name of ['ttr', 'rep2', 'rep3', 'distinct2', 'distinct3', 'selfBleu']) {
      const { value, low, high } = measures[name]!.difference!;
      expect([name, low <= value, value <= high, low * high > 0]).toEqual([name, true, true, true]);
    }
    expect(measures.ttr!.difference!.value).toBeGreaterThan(0);
    expect(measures.distinct2!.difference!.value).toBeGreaterThan(0);
    expect(measures.tokens!.difference).toEqual({ value: 0, low: 0, high: 0 });
  });

  it('have no differences of the first from itself, nor of a single text, nor from one that is not known', () => {
    const [one, other] = [numbers(texts(12)), numbers(texts(9))];
    const differences = (measures: ReturnType<typeof measuresOf>) =>
      new Set(Object.values(measures).map(({ difference }) => difference));
    expect(differences(measuresOf(one, one))).toEqual(new Set([null]));
    expect(differences(measuresOf(one, null))).toEqual(new Set([null]));
    expect(differences(measuresOf(numbers(texts(9, 1)), numbers(texts(9, 1))))).toEqual(new Set([null]));
    expect(measuresOf(other, one).ttr?.difference).not.toBeNull();
  });

  it('tell how many words are the same at the same place', () => {
    const text = (...pieces: string[]) => ({
      tokens: pieces.map((_, place) => place),
      pieces,
      depths: pieces.map(() => 0),
    });
    const [own, first] = [
      [text('a', 'b', 'c'), text('d')],
      [text('a', 'x', 'c', 'y'), text('e', 'd')],
    ];
    const one = numbers([[1]]);
    expect(measuresOf(one, one, { own, first }).sameTokens).toEqual({ value: 0.5, difference: null });
    expect(measuresOf(one, one, { own: first, first }).sameTokens?.value).toBe(1);
    expect(measuresOf(one, one)).not.toHaveProperty('sameTokens');
  });

  it('on held-out text are of all its predictions together', () => {
    const own = numbers(texts(9), {
      heldOut: heldOut({
        preferred: [
          [1, 2, 9],
          [4, 9, 9],
        ],
        losses: [1, 1],
      }),
    });
    const first = numbers(texts(9), { heldOut: heldOut() });
    const measures = measuresOf(own, first);
    expect(measures.perplexity!.value).toBeCloseTo(Math.exp(2 / 6), 12);
    expect(measures.perplexity!.difference!.value).toBeCloseTo(Math.exp(2 / 6) - Math.exp(9 / 6), 12);
    expect(measures.entropy!.value).toBeCloseTo(0.5, 12);
    expect(measures.topOneAgreement!.value).toBeCloseTo(3 / 6, 12);
    expect(measuresOf(first, first).topOneAgreement).toEqual({ value: 1, difference: null });
  });

  it('do not differ where other windows were read', () => {
    const own = numbers(texts(9), { heldOut: heldOut({ windows: 'others' }) });
    const measures = measuresOf(own, numbers(texts(9), { heldOut: heldOut() }));
    expect(measures.perplexity!.difference).toBeNull();
    expect(measures).not.toHaveProperty('topOneAgreement');
  });

  it('of what was copied give the mean with an interval, and the longest without', () => {
    const copied = (...lengths: number[]) =>
      numbers(texts(9, 3), {
        overlaps: lengths.map((length) => ({ length, start: 0, source: { window: 0, offset: 0 } })),
      });
    const measures = measuresOf(copied(4, 6, 11), copied(1, 2, 3));
    expect(measures.meanOverlap).toMatchObject({ value: 7, difference: { value: 5 } });
    expect(measures.maxOverlap).toEqual({ value: 11, difference: null });
  });
});
