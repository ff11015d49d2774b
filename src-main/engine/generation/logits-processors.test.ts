import { describe, expect, it } from 'vitest';
import {
  forbidRepeatedNGrams,
  keepMinP,
  keepTopK,
  keepTopP,
  penalizeRepetition,
} from './logits-processors.ts';

type Processor = (scores: Float64Array) => void;

/** Which of the tokens 0, 1, … are left, from their probabilities. */
function left(probabilities: readonly number[], process: Processor): number[] {
  const scores = Float64Array.from(probabilities, Math.log);
  process(scores);
  return [...scores.keys()].filter((token) => scores[token]! > Number.NEGATIVE_INFINITY);
}

const PROBABILITIES = [0.1, 0.5, 0.15, 0.25];

describe('the repetition penalty', () => {
  it('divides positive scores of tokens that occurred and multiplies negative ones, once each', () => {
    const scores = Float64Array.of(3, -1, 2, 0);
    penalizeRepetition(scores, [0, 1, 0, 3], 2);
    expect([...scores]).toEqual([1.5, -2, 2, 0]);
  });
});

describe('no-repeat n-gram', () => {
  const even = [0.25, 0.25, 0.25, 0.25];
  const repeating = (history: readonly number[], n: number) =>
    left(even, (scores) => forbidRepeatedNGrams(scores, history, n));

  it('forbids what would complete a run that already occurred', () => {
    // 1 2 was followed by 0 and by 3.
    expect(repeating([1, 2, 0, 1, 2, 3, 1, 2], 3)).toEqual([1, 2]);
    expect(repeating([1, 2, 0, 2, 1], 3)).toEqual([0, 1, 2, 3]);
  });

  it('forbids every token of the history for n = 1', () => {
    expect(repeating([1, 2], 1)).toEqual([0, 3]);
  });

  it('sees runs that overlap themselves', () => {
    expect(repeating([1, 1, 1], 3)).toEqual([0, 2, 3]);
  });

  it('forbids nothing while the history is shorter than n', () => {
    for (const history of [[], [1], [1, 1]]) expect(repeating(history, 3)).toEqual([0, 1, 2, 3]);
  });
});

describe('the sampling filters', () => {
  it.each<[string, Processor, number[]]>([
    ['top-k 2', (scores) => keepTopK(scores, 2), [1, 3]],
    ['top-k 9', (scores) => keepTopK(scores, 9), [0, 1, 2, 3]],
    // 0.5 + 0.25 = 0.75.
    ['top-p 0.7', (scores) => keepTopP(scores, 0.7), [1, 3]],
    ['top-p 0.76', (scores) => keepTopP(scores, 0.76), [1, 2, 3]],
    ['top-p 0.01', (scores) => keepTopP(scores, 0.01), [1]],
    // 0.29 · 0.5 = 0.145.
    ['min-p 0.29', (scores) => keepMinP(scores, 0.29), [1, 2, 3]],
    ['min-p 1', (scores) => keepMinP(scores, 1), [1]],
  ])('%s', (_, process, tokens) => expect(left(PROBABILITIES, process)).toEqual(tokens));

  it('top-k keeps what equals the last token kept; top-p takes the lower id', () => {
    expect(left([0.2, 0.4, 0.2, 0.2], (scores) => keepTopK(scores, 2))).toEqual([0, 1, 2, 3]);
    expect(left([0.2, 0.4, 0.2, 0.2], (scores) => keepTopP(scores, 0.5))).toEqual([0, 1]);
  });
});
