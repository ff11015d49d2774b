/** The lab's statistics against numbers from their definitions: see lab_statistics.py. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { datasetBleuScores } from '../../../src-main/engine/analysis/diversity/dataset-bleu.ts';
import { selfBleuScores } from '../../../src-main/engine/analysis/diversity/self-bleu.ts';
import { binomialTest, clopperPearson } from '../../../src-main/engine/analysis/statistics/binomial.ts';
import { bootstrapInterval } from '../../../src-main/engine/analysis/statistics/bootstrap.ts';
import { krippendorffAlpha } from '../../../src-main/engine/analysis/statistics/krippendorff.ts';
import { spearman } from '../../../src-main/engine/analysis/statistics/spearman.ts';

const numbers = z.array(z.number());
const interval = z.object({ level: z.number(), low: z.number(), high: z.number() });
const golden = z
  .object({
    bootstrap: z.array(interval.extend({ values: numbers, seed: z.number(), indices: z.array(numbers) })),
    binomial: z.array(
      z.object({ successes: z.number(), trials: z.number(), p: z.number(), intervals: z.array(interval) }),
    ),
    spearman: z.array(z.object({ first: numbers, second: numbers, rho: z.number() })),
    krippendorff: z.array(z.object({ units: z.array(z.array(z.string().nullable())), alpha: z.number() })),
    bleu: z.object({
      windows: z.array(numbers),
      texts: z.array(numbers),
      datasetBleu: numbers,
      selfBleu: numbers,
    }),
  })
  .parse(JSON.parse(readFileSync(path.join(import.meta.dirname, 'statistics.json'), 'utf8')));

describe('statistics', () => {
  it.each(golden.bootstrap)('bootstrap: the draws of seed $seed and their percentiles', (expected) => {
    const { values, seed, level, indices } = expected;
    const drawn: number[][] = [];
    const { low, high } = bootstrapInterval(
      values.length,
      (items) => {
        drawn.push([...items]);
        return items.reduce((sum, item) => sum + values[item]!, 0) / items.length;
      },
      { seed, level, samples: indices.length },
    );
    expect(drawn).toEqual(indices);
    expect(low).toBeCloseTo(expected.low, 12);
    expect(high).toBeCloseTo(expected.high, 12);
  });

  it.each(golden.binomial)('$successes of $trials votes: exact test and interval', (expected) => {
    const { successes, trials, p, intervals } = expected;
    expect(binomialTest(successes, trials) / p).toBeCloseTo(1, 10);
    for (const { level, low, high } of intervals) {
      const found = clopperPearson(successes, trials, level);
      expect(found.low).toBeCloseTo(low, 10);
      expect(found.high).toBeCloseTo(high, 10);
    }
  });

  it.each(golden.spearman)('rank correlation with ties: $rho', ({ first, second, rho }) => {
    expect(spearman(first, second)).toBeCloseTo(rho, 12);
  });

  it.each(golden.krippendorff)('agreement between voters: $alpha', ({ units, alpha }) => {
    expect(krippendorffAlpha(units)).toBeCloseTo(alpha, 12);
  });

  it('BLEU against the training windows, and of texts against each other', () => {
    const { texts, windows, datasetBleu, selfBleu } = golden.bleu;
    for (const [text, score] of datasetBleuScores(texts, windows).entries())
      expect(score).toBeCloseTo(datasetBleu[text]!, 12);
    for (const [text, score] of selfBleuScores(texts).entries())
      expect(score).toBeCloseTo(selfBleu[text]!, 12);
  });
});
