import { describe, expect, it } from 'vitest';
import { selfBleu, selfBleuScores } from './self-bleu.ts';

describe('self-BLEU', () => {
  it('is 1 for equal texts', () => {
    const text = [1, 2, 3, 4, 5];
    expect(selfBleu([text, text])).toBeCloseTo(1, 12);
  });

  it('clips counts and multiplies the precisions', () => {
    const texts = [
      [1, 1, 2],
      [1, 2, 3],
    ];
    // 1 1 2 against 1 2 3: unigrams 1 (clipped) and 2 → 2/3; of the bigrams 11, 12 one → 1/2.
    // 1 2 3 against 1 1 2: unigrams 1 and 2 → 2/3; of the bigrams 12, 23 one → 1/2.
    for (const score of selfBleuScores(texts, 2)) expect(score).toBeCloseTo(Math.sqrt((2 / 3) * (1 / 2)), 12);
  });

  it('clips by the one text that has an n-gram most often, never by the text itself', () => {
    const texts = [
      [1, 1, 8],
      [1, 9, 9],
      [1, 1, 1],
    ];
    // Two 1s of three in the third text; one of three in either; three, of which the first text has two.
    expect(selfBleuScores(texts, 1)).toEqual([2 / 3, 1 / 3, 2 / 3]);
  });

  it('punishes texts shorter than the one nearest in length', () => {
    const texts = [
      [1, 2],
      [1, 2, 3, 4],
    ];
    // Both unigrams agree, exp(1 − 4/2); of the longer text 2/4, and no penalty.
    expect(selfBleuScores(texts, 1)).toEqual([Math.exp(1 - 4 / 2), 1 / 2]);
  });

  it('counts a tenth of a match where no longer n-gram agrees', () => {
    // Unigrams 1/2; the one bigram does not agree: 0.1 / 1.
    expect(
      selfBleu(
        [
          [1, 9],
          [1, 2],
        ],
        2,
      ),
    ).toBeCloseTo(Math.sqrt(0.5 * 0.1), 12);
  });

  it('is 0 without a common token, for empty texts and for a text alone', () => {
    expect(selfBleuScores([[1, 2], [3, 4], []])).toEqual([0, 0, 0]);
    expect(selfBleuScores([[1, 2]])).toEqual([0]);
    expect(selfBleu([])).toBe(0);
  });

  it('agrees with NLTK', () => {
    const texts = [
      [1, 2, 3, 4, 5, 6, 1, 2],
      [1, 2, 3, 9, 5, 6],
      [7, 1, 2, 2, 3, 4, 5, 8, 8],
      [10, 11, 12],
    ];
    // nltk 3: sentence_bleu(others, text, weights (1/n, …), SmoothingFunction().method1)
    const four = [0.441248451292, 0.18204651199, 0.354948105601, 0];
    const two = [0.697675060053, 0.506664148639, 0.57735026919, 0];
    for (const [text, score] of selfBleuScores(texts).entries()) expect(score).toBeCloseTo(four[text]!, 11);
    for (const [text, score] of selfBleuScores(texts, 2).entries()) expect(score).toBeCloseTo(two[text]!, 11);
  });
});
