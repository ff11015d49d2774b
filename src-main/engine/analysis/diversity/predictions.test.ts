import { describe, expect, it } from 'vitest';
import {
  argMax,
  entropy,
  logProbability,
  logSumExp,
  perplexity,
  rankOf,
  ranksOf,
  topOneAgreement,
} from './predictions.ts';

describe('measures of predictions', () => {
  const logits = Float32Array.of(Math.log(0.5), Math.log(0.25), Math.log(0.25));

  it('give entropy and log-probability in nats', () => {
    // 0.5·ln 2 + 2 · 0.25·ln 4 = 1.5·ln 2.
    expect(entropy(logits)).toBeCloseTo(1.5 * Math.LN2, 6);
    expect(logProbability(logits, 1)).toBeCloseTo(Math.log(0.25), 6);
    expect(entropy(new Float32Array(128))).toBeCloseTo(Math.log(128), 12);
  });

  it('do not change when a number is added to all logits', () => {
    const shifted = Float32Array.of(1, 2, 3);
    const high = Float32Array.of(1001, 1002, 1003);
    expect(entropy(high)).toBeCloseTo(entropy(shifted), 12);
    expect(logSumExp(high)).toBeCloseTo(logSumExp(shifted) + 1000, 12);
  });

  it('stay finite for huge logits and take −∞ for a probability of 0', () => {
    expect(entropy(Float32Array.of(1000, 0))).toBeCloseTo(0, 12);
    expect(logProbability(Float32Array.of(1000, 0), 1)).toBe(-1000);
    const impossible = Float32Array.of(0, Number.NEGATIVE_INFINITY, 0);
    expect(entropy(impossible)).toBeCloseTo(Math.LN2, 12);
    expect(logProbability(impossible, 1)).toBe(Number.NEGATIVE_INFINITY);
  });

  it('rank tokens, the lower id first among equals', () => {
    expect([0, 1, 2].map((token) => rankOf(logits, token))).toEqual([1, 2, 3]);
    expect(argMax(Float32Array.of(1, 3, 3))).toBe(1);
    expect(rankOf(Float32Array.of(1, 3, 3), 0)).toBe(3);
  });

  it('rank all tokens as they rank each, also below zero and among equals', () => {
    const mixed = Float32Array.of(-0.5, 3, 0, -0, 1e-30, -2, 3, -1e-30, 1e30, -1e30);
    expect([...ranksOf(mixed)]).toEqual([...mixed.keys()].map((token) => rankOf(mixed, token)));
    expect([...ranksOf(mixed.subarray(1, 3))]).toEqual([1, 2]);
  });

  it('give the entropy at a temperature, that of the divided logits', () => {
    const divided = Float64Array.from(logits, (logit) => logit / 0.3);
    expect(entropy(logits, 0.3)).toBeCloseTo(entropy(divided), 12);
    expect(entropy(logits, 1e-3)).toBeCloseTo(0, 12);
    expect(entropy(logits, 1e6)).toBeCloseTo(Math.log(3), 6);
  });

  it('tell how often two models agree', () => {
    expect(topOneAgreement([1, 2, 3, 4], [1, 0, 3, 0])).toBe(2 / 4);
    expect(topOneAgreement([], [])).toBe(0);
    expect(() => topOneAgreement([1], [1, 2])).toThrow('there are 1 and 2');
  });

  it('give perplexity', () => {
    // Mean of ln 2 and ln 8 is ln 4.
    expect(perplexity([Math.log(0.5), Math.log(0.125)])).toBeCloseTo(4, 12);
    expect(perplexity([])).toBeNaN();
  });
});
