/** The experiments on two models' predictions against PyTorch, on what predictions.py has made: see ../README.md. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { argMax, rankOf, topOneAgreement } from '../../../src-main/engine/analysis/diversity/predictions.ts';
import { typeTokenRatio } from '../../../src-main/engine/analysis/diversity/type-token-ratio.ts';
import { PredictedPositions } from '../../../src-main/engine/analysis/predicted-positions.ts';
import { originsOf, rankOrigin } from '../../../src-main/engine/analysis/rank-origin.ts';
import {
  injection,
  liftedTokens,
  meanPredictions,
} from '../../../src-main/engine/analysis/static-injection.ts';
import { spearman } from '../../../src-main/engine/analysis/statistics/spearman.ts';
import {
  atTemperature,
  matchTemperature,
  meanEntropies,
} from '../../../src-main/engine/analysis/temperature-match.ts';
import { GREEDY } from '../../../src-main/engine/generation/decoding.ts';
import { OpenPair, type Side, type Subject } from '../../../src-main/lab/experiments/open-pair.ts';

const numbers = z.array(z.number());
const expectedSchema = z.object({
  texts: z.array(numbers),
  entropyBase: z.number(),
  entropyTuned: z.number(),
  temperature: z.number(),
  entropyAtTemperature: z.number(),
  top1Agreement: z.number(),
  fixedRanks: numbers,
  fixedBuckets: numbers,
  prompt: numbers,
  greedyBase: numbers,
  greedyTuned: numbers,
  ranks: numbers,
  buckets: numbers,
  lifted: z.array(z.object({ token: z.number(), rankGain: z.number(), delta: z.number() })),
  strengths: numbers,
  injected: z.array(numbers),
  spearman: z.number(),
});
const all = z
  .record(z.string(), expectedSchema)
  .parse(JSON.parse(readFileSync(path.join(import.meta.dirname, 'predictions.json'), 'utf8')));

describe.each(Object.entries(all))('%s', (name, expected) => {
  const folder = path.join(import.meta.dirname, '../fixtures', name);
  let pair: OpenPair;
  beforeAll(() => {
    const tuned = { model: folder, adapter: path.join(folder, 'adapter') };
    pair = new OpenPair({ base: folder, tuned }, { runtime: 'cpu', threads: 1 });
  });
  afterAll(() => pair.close());

  const read = <Result>(
    side: Side,
    look: (positions: PredictedPositions, subject: Subject) => Promise<Result>,
  ) =>
    pair.use(side, async (subject) =>
      look(await PredictedPositions.read(subject.reader, expected.texts), subject),
    );

  const write = (side: Side, adjust?: (logits: Float32Array) => Float32Array) =>
    pair.use(side, async ({ model, overlay }) => {
      const options = { decoding: GREEDY, seed: 1, endOfText: [], atEnd: 'forbid' as const, overlay, adjust };
      const maxNewTokens = expected.greedyBase.length;
      return (await model.decoder.generate([expected.prompt], { ...options, maxNewTokens }))[0]!;
    });

  const firstChoices = (side: Side) =>
    read(side, async (positions) => {
      const choices: number[] = [];
      await positions.each((logits) => choices.push(argMax(logits)));
      return choices;
    });

  it('have the entropies of PyTorch, and meet at the same temperature', async () => {
    const [tuned] = await read('tuned', (positions) => meanEntropies(positions, [1]));
    expect(tuned).toBeCloseTo(expected.entropyTuned, 5);
    await read('base', async (positions) => {
      expect((await meanEntropies(positions, [1]))[0]).toBeCloseTo(expected.entropyBase, 5);
      const match = await matchTemperature(
        tuned!,
        async (temperature) => (await meanEntropies(positions, [temperature]))[0]!,
      );
      expect(Math.abs(match![0] / expected.temperature - 1)).toBeLessThan(1e-4);
      expect(match![1]).toBeCloseTo(expected.entropyAtTemperature, 5);
    });
  });

  it('write greedily as in PyTorch, the base also at the matched temperature', async () => {
    expect(await write('base')).toEqual(expected.greedyBase);
    expect(await write('base', atTemperature(expected.temperature))).toEqual(expected.greedyBase);
    expect(await write('tuned')).toEqual(expected.greedyTuned);
  });

  it('rank what the tuned one writes as in PyTorch', async () => {
    const ranks = await pair.use('base', async ({ reader }) =>
      (await originsOf(reader, expected.prompt, expected.greedyTuned)).map(({ rank }) => rank),
    );
    expect(ranks).toEqual(expected.ranks);
    expect(rankOrigin(ranks).buckets).toEqual(expected.buckets);
  });

  it('agree, and rank each other’s first choices, as in PyTorch', async () => {
    const [base, tuned] = [await firstChoices('base'), await firstChoices('tuned')];
    expect(topOneAgreement(base, tuned)).toBeCloseTo(expected.top1Agreement, 12);
    const ranks: number[] = [];
    await read('base', (positions) =>
      positions.each((logits, position) => ranks.push(rankOf(logits, tuned[position]!))),
    );
    expect(ranks).toEqual(expected.fixedRanks);
    expect(rankOrigin(ranks).buckets).toEqual(expected.fixedBuckets);
  });

  it('lift the same tokens by the same amounts, and then write the same', async () => {
    const means = (side: Side) =>
      read(side, (positions, { model }) =>
        meanPredictions(positions, model.architecture.geometry.vocabularySize),
      );
    const lifted = liftedTokens(await means('base'), await means('tuned'), expected.lifted.length);
    expect(lifted.map(({ token }) => token)).toEqual(expected.lifted.map(({ token }) => token));
    for (const [index, { rankGain, delta }] of lifted.entries()) {
      expect(delta).toBeCloseTo(expected.lifted[index]!.delta, 5);
      // Of ranks, one swap of neighbours at one position may hang on rounding.
      expect(Math.abs(rankGain - expected.lifted[index]!.rankGain)).toBeLessThan(0.1);
    }
    const texts: number[][] = [];
    for (const strength of expected.strengths) texts.push(await write('base', injection(lifted, strength)));
    expect(texts).toEqual(expected.injected);
    const rho = spearman(
      expected.strengths,
      texts.map((text) => typeTokenRatio(text)),
    );
    expect(rho).toBeCloseTo(expected.spearman, 10);
  });
});
