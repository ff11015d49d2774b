import { describe, expect, it } from 'vitest';
import { argMax, entropy, logProbability, perplexity, rankOf, topAgreement } from './predictions.ts';
import { distinct, meanRepetition, repetition, repetitionDepth } from './repetition.ts';
import { bleu, selfBleu } from './self-bleu.ts';
import { TrainingOverlap } from './training-overlap.ts';
import { meanTypeTokenRatio, typeTokenRatio } from './type-token-ratio.ts';

describe('type-token ratio', () => {
  it('is different tokens over tokens', () => {
    expect(typeTokenRatio([1, 2, 1, 3])).toBe(3 / 4);
  });
  it('looks at the last tokens only', () => {
    expect(typeTokenRatio([7, 7, 7, 1, 2], 2)).toBe(1);
    expect(
      typeTokenRatio([...new Array(96).fill(5), ...Array.from({ length: 96 }, (_, token) => token)]),
    ).toBe(1);
  });
  it('is averaged over texts, and 0 for nothing', () => {
    expect(
      meanTypeTokenRatio([
        [1, 1],
        [1, 2],
      ]),
    ).toBe(3 / 4);
    expect(typeTokenRatio([])).toBe(0);
  });
});

describe('repetition', () => {
  it('counts n-grams that come again', () => {
    // Bigrams 12 23 31 12: three different ones of four.
    expect(repetition([1, 2, 3, 1, 2], 2)).toBe(1 - 3 / 4);
    expect(repetition([1, 1, 1, 1], 3)).toBe(1 - 1 / 2);
  });
  it('is 0 for a text shorter than n', () => {
    expect(repetition([1], 2)).toBe(0);
    expect(meanRepetition([[1], [1, 1, 1]], 2)).toBe((0 + 1 / 2) / 2);
  });
  it('tells distinct n-grams over all texts together', () => {
    // 12 23 | 12 24: three different ones of four.
    expect(
      distinct(
        [
          [1, 2, 3],
          [1, 2, 4],
        ],
        2,
      ),
    ).toBe(3 / 4);
  });
  it('marks for each token how often its n-gram came before', () => {
    expect(repetitionDepth([1, 2, 9, 1, 2, 8, 1, 2], 2)).toEqual([0, 0, 0, 1, 1, 0, 2, 2]);
  });
});

describe('self-BLEU', () => {
  it('is 1 for equal texts', () => {
    expect(
      selfBleu([
        [1, 2, 3, 4, 5],
        [1, 2, 3, 4, 5],
      ]),
    ).toBeCloseTo(1, 12);
  });
  it('clips counts and multiplies the precisions', () => {
    // Unigrams of 1 1 2 against 1 2 3: 1 (clipped), 2 → 2/3; bigrams 11, 12 → 1/2. √(2/3 · 1/2).
    expect(bleu([1, 1, 2], [[1, 2, 3]], 2)).toBeCloseTo(Math.sqrt(1 / 3), 12);
  });
  it('punishes texts that are shorter than the nearest reference', () => {
    expect(bleu([1, 2], [[1, 2, 3, 4]], 1)).toBeCloseTo(Math.exp(1 - 4 / 2), 12);
  });
  it('smooths a precision of zero', () => {
    // Unigrams 1/2; no bigram of one agrees: 0.1 / 1.
    expect(bleu([1, 9], [[1, 2]], 2)).toBeCloseTo(Math.sqrt(0.5 * 0.1), 12);
  });
});

describe('training overlap', () => {
  const index = new TrainingOverlap([Int32Array.of(1, 2, 3, 4, 5), Int32Array.of(9, 3, 4, 5, 6, 7)]);
  it('finds the longest run and where it stands', () => {
    expect(index.longest([8, 3, 4, 5, 6, 0])).toEqual({ length: 4, start: 1, window: 1, offset: 1 });
  });
  it('does not run from one window into the next', () => {
    expect(index.longest([3, 4, 5, 9, 3]).length).toBe(3);
  });
  it('finds nothing where fewer than three tokens agree', () => {
    expect(index.longest([1, 2, 8, 9]).length).toBe(0);
  });
});

describe('predictions', () => {
  const logits = Float32Array.of(Math.log(0.5), Math.log(0.25), Math.log(0.25));
  it('give entropy and log-probability in nats', () => {
    // 0.5·ln 2 + 2 · 0.25·ln 4 = 1.5·ln 2.
    expect(entropy(logits)).toBeCloseTo(1.5 * Math.LN2, 6);
    expect(logProbability(logits, 1)).toBeCloseTo(Math.log(0.25), 6);
  });
  it('stay finite for huge logits', () => {
    expect(entropy(Float32Array.of(1000, 0))).toBeCloseTo(0, 12);
    expect(logProbability(Float32Array.of(1000, 0), 1)).toBe(-1000);
  });
  it('rank tokens, the lower id first among equals', () => {
    expect([0, 1, 2].map((token) => rankOf(logits, token))).toEqual([1, 2, 3]);
    expect(argMax(Float32Array.of(1, 3, 3))).toBe(1);
  });
  it('compare two models and give perplexity', () => {
    expect(topAgreement([1, 2, 3, 4], [1, 0, 3, 0])).toBe(1 / 2);
    expect(perplexity([Math.log(0.5), Math.log(0.125)])).toBeCloseTo(4, 12);
  });
});
