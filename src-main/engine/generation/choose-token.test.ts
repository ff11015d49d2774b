import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Random } from '../random.ts';
import { chooseToken, processLogits } from './choose-token.ts';
import { decodingSchema, describeDecoding, GREEDY, parseDecoding } from './decoding.ts';

/** Made by tests/golden/decoding.py. */
const golden = z
  .array(
    z.object({
      settings: decodingSchema,
      history: z.array(z.number()),
      blocked: z.array(z.number()),
      logits: z.array(z.number()),
      scores: z.array(z.number().nullable()),
    }),
  )
  .parse(JSON.parse(readFileSync(path.join(import.meta.dirname, 'fixtures/decoding.json'), 'utf8')));

const PROBABILITIES = [0.5, 0.25, 0.15, 0.1];
const logits = Float32Array.from(PROBABILITIES, Math.log);

/** Shares of the tokens among many draws. */
function drawn(decoding: string, draws = 4000): number[] {
  const random = new Random(1);
  const settings = parseDecoding(decoding);
  const counts = PROBABILITIES.map(() => 0);
  for (let draw = 0; draw < draws; draw++) counts[chooseToken(logits, [], settings, random)]!++;
  return counts.map((count) => count / draws);
}

describe('processed logits', () => {
  it.each(golden.map((one) => ({ name: describeDecoding(one.settings), ...one })))(
    'are those of transformers: $name, blocked $blocked',
    ({ settings, history, blocked, logits, scores }) => {
      const processed = processLogits(Float32Array.from(logits), history, settings, blocked);
      expect([...processed].map((score) => score > Number.NEGATIVE_INFINITY)).toEqual(
        scores.map((score) => score !== null),
      );
      for (const [token, score] of scores.entries())
        if (score !== null) expect(processed[token]).toBeCloseTo(score, 5);
    },
  );

  it('are a new array', () => {
    const before = [...logits];
    processLogits(logits, [0, 1], parseDecoding('top-p,repetition-penalty=2,no-repeat-ngram=2'), [2]);
    expect([...logits]).toEqual(before);
  });
});

describe('choosing a token', () => {
  it('takes the most likely one, and the lowest id on ties, when greedy', () => {
    expect(chooseToken(logits, [], GREEDY, new Random(1))).toBe(0);
    expect(chooseToken(Float32Array.of(1, 2, 2), [], GREEDY, new Random(1))).toBe(1);
  });

  it('takes no chance when greedy, and one random number when it samples', () => {
    const random = new Random(4);
    const { state } = random;
    chooseToken(logits, [], GREEDY, random);
    expect(random.state).toEqual(state);
    chooseToken(logits, [], parseDecoding('top-p'), random);
    const once = new Random(state);
    once.uniform();
    expect(random.state).toEqual(once.state);
  });

  // The standard deviation of a share is at most √(0.25 / 4000) = 0.008.
  it('draws with the probabilities of the model', () => {
    for (const [token, share] of drawn('temperature').entries())
      expect(Math.abs(share - PROBABILITIES[token]!)).toBeLessThan(0.03);
  });

  it('draws with p² renormalized at temperature 0.5', () => {
    const squares = PROBABILITIES.map((probability) => probability ** 2 / 0.345);
    for (const [token, share] of drawn('temperature=0.5').entries())
      expect(Math.abs(share - squares[token]!)).toBeLessThan(0.03);
  });

  it('renormalizes what a filter leaves: 2/3 and 1/3 of the best two', () => {
    const [first, second, ...others] = drawn('top-k=2');
    expect(Math.abs(first! - 2 / 3)).toBeLessThan(0.03);
    expect(Math.abs(second! - 1 / 3)).toBeLessThan(0.03);
    expect(others).toEqual([0, 0]);
  });

  it('never takes a blocked token, by chance or not', () => {
    expect(chooseToken(logits, [], GREEDY, new Random(1), new Set([0]))).toBe(1);
    const random = new Random(2);
    for (let draw = 0; draw < 200; draw++)
      expect(chooseToken(logits, [], parseDecoding('temperature'), random, [0, 1, 2])).toBe(3);
  });

  it.each(['greedy', 'temperature', 'top-p,top-k,min-p'])('says so when %s has no token left', (decoding) => {
    expect(() => chooseToken(logits, [], parseDecoding(decoding), new Random(1), logits.keys())).toThrowError(
      expect.objectContaining({ code: 'bad-argument' }),
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses a logit of %s', (broken) => {
    expect(() => chooseToken(Float32Array.of(0, broken, 1), [], GREEDY, new Random(1))).toThrowError(
      expect.objectContaining({ code: 'runtime-failed' }),
    );
  });
});
