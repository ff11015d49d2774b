/** The three experiments on what two models predict, whole, on a tiny model. Their numbers: tests/golden/experiments. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  probabilitiesAt,
  temperaturePictureSchema,
} from '../../../src-preload/contract/temperature-picture.ts';
import { entropyMatchExperiment } from './entropy-match/entropy-match.ts';
import type { EntropyMatchResults } from './entropy-match/results.ts';
import type { Context, Experiment } from './experiment.ts';
import type { PairRequest } from './inputs.ts';
import { rankOriginExperiment } from './rank-origin/rank-origin.ts';
import type { StaticInjectionResults } from './static-injection/results.ts';
import { staticInjectionExperiment } from './static-injection/static-injection.ts';

const FIXTURES = path.join(import.meta.dirname, '../../../tests/golden/fixtures');
const BASE = path.join(FIXTURES, 'llama');
const TEXTS = ['the cat sat on the mat and then it sat on the dog', 'a', '<b>once</b> upon a time'];
const PROMPTS = ['the cat', 'once upon', 'a dog'];
const NEW_TOKENS = 10;

const request: PairRequest = {
  pair: { base: BASE, tuned: { model: BASE, adapter: path.join(BASE, 'adapter') } },
  texts: { kind: 'given', texts: TEXTS },
  prompts: { kind: 'given', texts: PROMPTS },
  training: null,
  maxNewTokens: NEW_TOKENS,
  seed: 1,
};
const injectionRequest = { ...request, topTokens: 30, strengths: [2, 0.5] };

const EXPERIMENTS: readonly (readonly [Experiment, PairRequest])[] = [
  [entropyMatchExperiment, request],
  [rankOriginExperiment, request],
  [staticInjectionExperiment, injectionRequest],
];

function context(changes: Partial<Context<unknown>> = {}): Context<unknown> {
  return {
    ...{ runtime: 'cpu', threads: 1, folder: '/nowhere', previous: undefined },
    onProgress: () => {},
    keep: () => {},
    ...changes,
  };
}

describe.each(EXPERIMENTS)('$title', (experiment, asked) => {
  it('gives plain JSON, tells how far it is, and shows what it has kept on its way too', async () => {
    const shares: number[] = [];
    const kept: unknown[] = [];
    const results = await experiment.perform(
      asked,
      context({ onProgress: (share) => shares.push(share), keep: (found) => kept.push(found) }),
    );
    expect(JSON.parse(JSON.stringify(results))).toEqual(results);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares[0]).toBe(0);
    expect(shares.at(-1)).toBeCloseTo(1, 6);
    expect(kept.length).toBeGreaterThan(0);
    for (const found of [...kept, results]) {
      const showing = experiment.show(found);
      expect(JSON.parse(JSON.stringify(showing))).toEqual(showing);
      expect(JSON.stringify(showing)).not.toMatch(/NaN|Infinity|undefined/);
      expect(showing.findings.length).toBeGreaterThan(0);
      for (const exhibit of showing.exhibits)
        if (exhibit.kind === 'table')
          for (const { cells } of exhibit.rows) expect(cells).toHaveLength(exhibit.columns.length - 1);
    }
  });

  it('goes on from what it has kept to the same end', async () => {
    const kept: unknown[] = [];
    const whole = await experiment.perform(asked, context({ keep: (found) => kept.push(found) }));
    for (const previous of [kept[0], kept.at(-1)])
      expect(await experiment.perform(asked, context({ previous }))).toEqual(whole);
  });

  it('stops in every stage', async () => {
    const stages = new Set<string>();
    await experiment.perform(asked, context({ onProgress: (_, stage) => stages.add(stage) }));
    expect(stages.size).toBeGreaterThan(2);
    for (const stopped of stages) {
      const controller = new AbortController();
      const onProgress = (_: number, stage: string) => {
        if (stage === stopped) controller.abort();
      };
      await expect(
        experiment.perform(asked, context({ signal: controller.signal, onProgress })),
      ).rejects.toThrow(/abort/i);
    }
  });

  it('finds the same with two folders, one after the other, as with an adapter over one', async () => {
    const copy = await mkdtemp(path.join(os.tmpdir(), 'tuned-'));
    await cp(BASE, copy, { recursive: true });
    const apart = { base: BASE, tuned: { model: copy, adapter: path.join(copy, 'adapter') } };
    const [one, two] = [
      await experiment.perform(asked, context()),
      await experiment.perform({ ...asked, pair: apart }, context()),
    ];
    await rm(copy, { recursive: true });
    expect(two).toEqual(one);
  });

  it('has words for two models that do not differ', async () => {
    const equal = { ...asked, pair: { base: BASE, tuned: { model: BASE, adapter: null } } };
    const { findings } = experiment.show(await experiment.perform(equal, context()));
    expect(findings.join()).toMatch(/nothing was reordered|no token rose/);
    expect(findings.join()).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('refuses a model with other tokens before anything is computed, and texts without a second token', async () => {
    const other = { base: BASE, tuned: { model: path.join(FIXTURES, 'gemma2'), adapter: null } };
    const shares: number[] = [];
    await expect(
      experiment.perform({ ...asked, pair: other }, context({ onProgress: (share) => shares.push(share) })),
    ).rejects.toThrow('The two models know different tokens');
    expect(shares).toEqual([]);
    const empty = { kind: 'given', texts: [''] };
    const unread = experiment.perform({ ...asked, texts: empty }, context());
    await expect(unread).rejects.toThrow('Every text has a single token');
    const nowhere = { base: BASE, tuned: { model: BASE, adapter: path.join(BASE, 'nothing-here') } };
    await expect(experiment.perform({ ...asked, pair: nowhere }, context())).rejects.toThrow('nothing-here');
  });
});

it('"Not temperature" meets the entropy of the tuned model and changes no greedy text', async () => {
  const results = (await entropyMatchExperiment.perform(request, context())) as EntropyMatchResults;
  expect(results.entropyAtTemperature).toBeCloseTo(results.entropyTuned, 6);
  expect(results.temperature).not.toBe(1);
  expect(results).toMatchObject({ greedyIdentical: true, identicalTexts: 3, top1AgreementAtTemperature: 1 });
  expect(results.top1Agreement).toBeLessThan(1);
  const [base, cooled, drawn, tuned] = results.written;
  expect(cooled!.examples).toEqual(base!.examples);
  expect(drawn!.examples).not.toEqual(base!.examples);
  expect(tuned!.examples).not.toEqual(base!.examples);
});

it('"Not temperature" gives the slider probabilities that add up, and an order that stays', async () => {
  const results = await entropyMatchExperiment.perform(request, context());
  const picture = temperaturePictureSchema.parse(entropyMatchExperiment.detail(results));
  expect(picture.temperatures).toContain(1);
  expect(picture.temperatures).toContain(picture.matched);
  expect(picture.places.length).toBe(6);
  for (const place of picture.places)
    for (const stop of picture.temperatures.keys()) {
      const probabilities = probabilitiesAt(place, picture, stop);
      expect(probabilities).toEqual([...probabilities].sort((a, b) => b - a));
      const total = probabilities.reduce((sum, probability) => sum + probability, 0);
      expect(total).toBeGreaterThan(0);
      expect(total).toBeLessThanOrEqual(1 + 1e-9);
    }
});

it('"Not temperature" says so where no temperature is found, and compares what is left', async () => {
  const results = (await entropyMatchExperiment.perform(request, context())) as EntropyMatchResults;
  const unmatched = {
    ...results,
    ...{ temperature: null, entropyAtTemperature: null, top1AgreementAtTemperature: null },
    ...{ greedyIdentical: null, identicalTexts: null, written: [] },
    picture: { ...results.picture, matched: null },
  };
  const ended = (await entropyMatchExperiment.perform(
    request,
    context({ previous: unmatched }),
  )) as EntropyMatchResults;
  expect(ended.written.map(({ way }) => way)).toEqual(['base', 'tuned']);
  expect(entropyMatchExperiment.show(ended).findings.join()).toContain('No temperature');
});

it('"Where the words come from" ranks every token that was written, once', async () => {
  const results = await rankOriginExperiment.perform(request, context());
  expect(results).toMatchObject({ tokens: PROMPTS.length * NEW_TOKENS, texts: 3 });
  const { tokens, buckets, fixedTexts } = results as {
    tokens: number;
    buckets: number[];
    fixedTexts: { tokens: number; buckets: number[] };
  };
  for (const found of [{ tokens, buckets }, fixedTexts])
    expect(found.buckets.reduce((sum, count) => sum + count, 0)).toBe(found.tokens);
  const passages = rankOriginExperiment.show(results).exhibits.find(({ kind }) => kind === 'passages');
  expect(passages).toBeDefined();
});

it('"Not a liking for some words" begins at the base itself and takes strengths in order', async () => {
  const results = (await staticInjectionExperiment.perform(
    injectionRequest,
    context(),
  )) as StaticInjectionResults;
  expect(results.strengths.map(({ strength }) => strength)).toEqual([0, 0.5, 2]);
  expect(results.lifted).toHaveLength(30);
  const base = (await entropyMatchExperiment.perform(request, context())) as EntropyMatchResults;
  expect(results.strengths[0]).toMatchObject({ rep2: base.written[0]!.rep2, ttr: base.written[0]!.ttr });
  expect(results.tuned.ttr).toBe(base.written.find(({ way }) => way === 'tuned')!.ttr);
});
