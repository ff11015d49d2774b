/** "Terminal expansion" from a question to its results, against transformers, PEFT and numpy: see geometry.py. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { geometryExperiment } from '../../../src-main/lab/experiments/geometry/geometry.ts';
import type { GeometryResults } from '../../../src-main/lab/experiments/geometry/results.ts';

const band = z.tuple([z.number(), z.number()]);
const golden = z
  .object({
    texts: z.array(z.string()),
    seed: z.number(),
    fixtures: z.array(
      z.object({
        name: z.string(),
        tokens: z.number(),
        layers: z.array(
          z.object({
            block: z.number(),
            stage: z.string(),
            cosine: z.number(),
            l2: z.number(),
            participationRatioBase: z.number(),
            participationRatioTuned: z.number(),
            deltaDim: z.number(),
            normalizedDeltaDim: z.number(),
            cosineBand: band,
            l2Band: band,
            deltaDimBand: band,
            normalizedDeltaDimBand: band,
          }),
        ),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(path.join(import.meta.dirname, 'geometry.json'), 'utf8')));

const folder = mkdtempSync(path.join(os.tmpdir(), 'geometry-'));
afterAll(() => rm(folder, { recursive: true }));

describe.each(golden.fixtures)('geometry of $name', ({ name, tokens, layers }) => {
  it('is what transformers, PEFT and numpy give, with the same bootstrap', async () => {
    const model = path.join(import.meta.dirname, '..', 'fixtures', name);
    const given = { kind: 'given', texts: golden.texts };
    const results = (await geometryExperiment.perform(
      {
        pair: { base: model, tuned: { model, adapter: path.join(model, 'adapter') } },
        ...{ texts: given, prompts: given, training: null, maxNewTokens: 1, seed: golden.seed },
      },
      { runtime: 'cpu', folder, previous: undefined, onProgress: () => {}, keep: () => {} },
    )) as GeometryResults;
    expect(results.tokens).toBe(tokens);
    expect(results.layers.map(({ block, stage }) => [block, stage])).toEqual(
      layers.map(({ block, stage }) => [block, stage]),
    );
    for (const [index, expected] of layers.entries()) {
      const found = results.layers[index]!;
      for (const key of [
        'cosine',
        'l2',
        'participationRatioBase',
        'participationRatioTuned',
        'deltaDim',
      ] as const)
        expectNear(found[key], expected[key]);
      expectNear(found.normalized.deltaDim, expected.normalizedDeltaDim);
      expectBand(found.cosineBand, expected.cosineBand);
      expectBand(found.l2Band, expected.l2Band);
      expectBand(found.deltaDimBand, expected.deltaDimBand);
      expectBand(found.normalized.deltaDimBand, expected.normalizedDeltaDimBand);
    }
    // States take much room: none of them stay.
    expect(await readdir(folder)).toEqual([]);
  });
});

function expectNear(found: number, expected: number): void {
  expect(Math.abs(found - expected)).toBeLessThan(1e-4 * (1 + Math.abs(expected)));
}

function expectBand(found: { low: number; high: number } | null, [low, high]: [number, number]): void {
  expectNear(found!.low, low);
  expectNear(found!.high, high);
}
