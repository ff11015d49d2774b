import { describe, expect, it } from 'vitest';
import { Random } from '../random.ts';
import { chooseToken } from './choose-token.ts';
import { GREEDY, parseDecoding } from './decoding.ts';

/** Probabilities 0.5, 0.25, 0.15, 0.1. */
const logits = Float32Array.of(0.5, 0.25, 0.15, 0.1).map(Math.log);

function drawn(decoding: string, draws = 2000): number[] {
  const random = new Random(1);
  const settings = parseDecoding(decoding);
  const counts = [0, 0, 0, 0];
  for (let draw = 0; draw < draws; draw++) counts[chooseToken(logits, [], settings, random)]!++;
  return counts.map((count) => count / draws);
}

describe('choosing a token', () => {
  it('takes the most likely one, and the lowest id on ties, when greedy', () => {
    expect(chooseToken(logits, [], GREEDY, new Random(1))).toBe(0);
    expect(chooseToken(Float32Array.of(1, 2, 2), [], GREEDY, new Random(1))).toBe(1);
  });

  it('draws with the probabilities of the model', () => {
    for (const [token, share] of drawn('temperature').entries())
      expect(share).toBeCloseTo([0.5, 0.25, 0.15, 0.1][token]!, 1);
  });

  it('flattens and sharpens with temperature: p² renormalized at 0.5', () => {
    const squares = [0.25, 0.0625, 0.0225, 0.01].map((square) => square / 0.345);
    for (const [token, share] of drawn('temperature=0.5').entries())
      expect(share).toBeCloseTo(squares[token]!, 1);
  });

  it.each([
    ['top-k=2', [true, true, false, false]],
    ['top-p=0.7', [true, true, false, false]],
    ['top-p=0.76', [true, true, true, false]],
    ['min-p=0.25', [true, true, true, false]],
    ['top-p=0.01', [true, false, false, false]],
  ])('keeps with %s the right tokens', (decoding, kept) => {
    expect(drawn(decoding).map((share) => share > 0)).toEqual(kept);
  });

  it('divides positive logits of tokens that occurred and multiplies negative ones', () => {
    const settings = parseDecoding('greedy,repetition-penalty=2');
    expect(chooseToken(Float32Array.of(3, 2), [0], settings, new Random(1))).toBe(1);
    expect(chooseToken(Float32Array.of(-1, -1.5), [0], settings, new Random(1))).toBe(1);
  });

  it('does not complete a run that already occurred', () => {
    const settings = parseDecoding('greedy,no-repeat-ngram=3');
    expect(chooseToken(logits, [1, 2, 0, 1, 2], settings, new Random(1))).toBe(1);
    expect(chooseToken(logits, [1, 2, 0, 2, 1], settings, new Random(1))).toBe(0);
  });

  it('never takes a blocked token, by chance or not', () => {
    expect(chooseToken(logits, [], GREEDY, new Random(1), new Set([0]))).toBe(1);
    const settings = parseDecoding('temperature');
    const random = new Random(2);
    for (let draw = 0; draw < 200; draw++)
      expect(chooseToken(logits, [], settings, random, new Set([0, 1, 2]))).toBe(3);
  });

  it('gives the same tokens for the same seed', () => {
    const run = () =>
      Array.from(
        { length: 20 },
        (
          (random) => () =>
            chooseToken(logits, [], parseDecoding('top-p'), random)
        )(new Random(9)),
      );
    expect(run()).toEqual(run());
  });

  it('leaves the logits as they are', () => {
    const before = [...logits];
    chooseToken(
      logits,
      [0, 1],
      parseDecoding('top-p,repetition-penalty=2,no-repeat-ngram=2'),
      new Random(1),
      new Set([2]),
    );
    expect([...logits]).toEqual(before);
  });
});
