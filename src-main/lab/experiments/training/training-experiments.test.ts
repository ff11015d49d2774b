/** The experiments that train, on a tiny model: what they find, and how they are stopped and go on. */
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Showing, Table } from '../../../../src-preload/contract/exhibits.ts';
import { showingSchema } from '../../../../src-preload/contract/exhibits.ts';
import { FIXTURES } from '../../../../tests/cli/run-lab.ts';
import { sampleText } from '../../../../tests/cli/sample-text.ts';
import { findRecipe, type Recipe } from '../../../engine/training/recipe.ts';
import { RunFolder } from '../../../engine/training/run-folder.ts';
import { runHyperfit } from '../../runs/hyperfit-run.ts';
import { findExperiment } from '../registry.ts';
import { forScope } from './train-runs.ts';

const MODEL = path.join(FIXTURES, 'llama');
const recipe: Recipe = {
  ...findRecipe('quick').settings,
  ...{ scope: 'last:1', rank: 2, alpha: 4, learningRate: 4e-3, epochs: 3 },
  ...{ batch: 2, windows: 6, windowLength: 16, heldOut: 3 },
};
const training = { model: MODEL, recipe, texts: 2, promptTokens: 4, maxNewTokens: 12 };

let texts: string;
let sea: string;
let hills: string;
let folder: string;
beforeAll(async () => {
  texts = await mkdtemp(path.join(os.tmpdir(), 'texts-'));
  sea = path.join(texts, 'sea.txt');
  hills = path.join(texts, 'hills.txt');
  await writeFile(sea, sampleText(400));
  await writeFile(hills, sampleText(700).split(' ').reverse().join(' '));
});
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'experiment-'));
});
afterEach(() => rm(folder, { recursive: true }));
afterAll(() => rm(texts, { recursive: true }));

interface Performed {
  readonly results: unknown;
  readonly kept: unknown[];
  readonly progress: { readonly share: number; readonly stage: string }[];
}

/** @param stopAt the experiment is stopped when it tells of a stage like this */
async function perform(kind: string, request: unknown, stopAt?: RegExp): Promise<Performed> {
  const controller = new AbortController();
  const kept: unknown[] = [];
  const progress: { share: number; stage: string }[] = [];
  const performing = findExperiment(kind).perform(request, {
    ...{ runtime: 'cpu', folder, previous: undefined, signal: controller.signal },
    onProgress: (share, stage) => {
      progress.push({ share, stage });
      if (stopAt?.test(stage)) controller.abort();
    },
    keep: (results) => kept.push(structuredClone(results)),
  });
  if (stopAt) await expect(performing).rejects.toThrow(/abort/i);
  return { results: stopAt ? undefined : await performing, kept, progress };
}

function show(kind: string, results: unknown): Showing {
  // As they come back from the database.
  const showing = findExperiment(kind).show(JSON.parse(JSON.stringify(results)));
  return showingSchema.parse(JSON.parse(JSON.stringify(showing)));
}

function tableOf({ exhibits }: Showing, title: RegExp): Table {
  const found = exhibits.find((exhibit) => exhibit.kind === 'table' && title.test(exhibit.title));
  if (found?.kind !== 'table') throw new Error(`no table ${title}`);
  return found;
}

/** Where it is about numbers, not about how long they took. */
const timeless = (results: unknown) =>
  JSON.parse(JSON.stringify(results, (key, value) => (key === 'seconds' ? null : value)));

const armsSchema = z.looseObject({
  base: z.looseObject({ ttr: z.number(), topOneAgreement: z.number() }),
  arms: z.array(
    z.looseObject({
      name: z.string(),
      trained: z.looseObject({
        updates: z.number(),
        windows: z.number(),
        batch: z.number(),
        learningRate: z.number(),
        trainLossBefore: z.number(),
        trainLoss: z.number(),
      }),
      measured: z.looseObject({ ttr: z.number(), topOneAgreement: z.number() }),
    }),
  ),
});

describe('which layers', () => {
  const request = () => ({ ...training, data: sea, scopes: ['last:1', 'full', 'last:2', 'last:3'] });

  it('trains each with the same budget, measures it beside the base, and says what it found by then', async () => {
    const { results, kept, progress } = await perform('strategies', request());
    const { base, arms } = armsSchema.parse(results);
    expect(arms.map(({ name }) => name)).toEqual([
      'last block',
      'whole model',
      'last 2 blocks',
      'last 3 blocks',
    ]);
    expect(new Set(arms.map(({ trained }) => trained.updates))).toEqual(new Set([9]));
    expect(arms.map(({ trained }) => trained.learningRate)).toEqual([4e-3, 2e-3, 4e-3, 4e-3]);
    for (const { trained } of arms) expect(trained.trainLoss).toBeLessThan(trained.trainLossBefore);
    expect(base.topOneAgreement).toBe(1);

    const ran = (await readdir(folder)).sort();
    expect(ran).toEqual(['base', 'full', 'last-1', 'last-2', 'last-3']);
    expect(await readdir(path.join(folder, 'full'))).toContain('model');
    expect(await readdir(path.join(folder, 'last-1'))).toContain('adapter');

    const shares = progress.map(({ share }) => share);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBeCloseTo(1);
    expect(progress.map(({ stage }) => stage)).toContain('Training last 2 blocks: epoch 2 of 3');

    // First the base alone, then one more each time.
    const counts = kept.map((one) => armsSchema.parse(one).arms.length);
    expect(counts).toEqual([0, 1, 2, 3, 4]);
    for (const one of kept) show('strategies', one);
    expect(show('strategies', kept[1]).findings.join(' ')).toMatch(
      /Not there yet: last block, last 2 blocks and last 3 blocks\./,
    );
    const showing = show('strategies', results);
    expect(showing.findings.join(' ')).not.toMatch(/Not there yet/);
    expect(showing.exhibits.some(({ title }) => title === 'How many of the last blocks')).toBe(true);
    const rows = tableOf(showing, /budget/).rows;
    expect(rows.slice(0, 2).map(({ name, source }) => [name, source])).toEqual([
      ['The base', null],
      ['Last block', null],
    ]);
    expect(rows.find(({ name }) => name === 'TinyLlama, last 5 blocks')).toMatchObject({
      source: expect.stringMatching(/from a summary of the paper/),
      cells: expect.arrayContaining([0.469, 0.345]),
    });
  });

  it('goes on after it was stopped: trains what is missing, and finds the same', async () => {
    const whole = await perform('strategies', request());
    await rm(folder, { recursive: true });
    await perform('strategies', request(), /^Training last 2 blocks: epoch 2/);
    // Learning begins at the first block in two of them; they come first, and share what the frozen blocks give after that.
    const begun = ['base', 'frozen-blocks', 'full', 'last-2', 'last-3'];
    expect((await readdir(folder)).sort()).toEqual(begun);
    expect(await readdir(path.join(folder, 'last-2'))).not.toContain('result.json');
    const finished = path.join(folder, 'full', 'result.json');
    const { mtimeMs } = await stat(finished);
    const { results, progress } = await perform('strategies', request());
    const stages = progress.map(({ stage }) => stage);
    expect(stages).not.toContain('Training whole model: epoch 1 of 3');
    expect(stages).not.toContain('Training last 2 blocks: epoch 1 of 3');
    expect(stages).toContain('Training last 2 blocks: epoch 3 of 3');
    expect((await stat(finished)).mtimeMs).toBe(mtimeMs);
    expect(timeless(results)).toEqual(timeless(whole.results));
    // What took two goes has no time of its own.
    const rows = tableOf(show('strategies', results), /budget/).rows;
    expect(rows.find(({ name }) => name === 'Last 2 blocks')!.cells.at(-1)).toBeNull();
    expect(rows.find(({ name }) => name === 'Whole model')!.cells.at(-1)).toBeGreaterThan(0);
  });

  it('refuses what does not fit the model before anything is trained', async () => {
    const refused = perform('strategies', { ...request(), scopes: ['last:1', 'last:5'] });
    await expect(refused).rejects.toMatchObject({ code: 'bad-argument', message: /asks for 5 blocks/ });
    expect(await readdir(folder)).toEqual([]);
    const nothing = perform('strategies', { ...request(), recipe: { ...recipe, heldOut: 0 } });
    await expect(nothing).rejects.toMatchObject({ code: 'bad-argument', message: /not trained on/ });
  });

  it('refuses a folder in which another run was begun, instead of taking it for its own', async () => {
    await perform('strategies', request(), /^Training whole model: epoch 1/);
    const other = { ...request(), recipe: { ...recipe, rank: 3 } };
    await expect(perform('strategies', other)).rejects.toMatchObject({
      code: 'bad-checkpoint',
      message: /the settings changed/,
    });
  });

  describe('says what a part of the blocks gives of the change', () => {
    const measured = (ttr: number) => ({
      ...{ ttr, rep2: 1 - ttr, rep3: 0, heldOutLoss: 2, topOneAgreement: 0.6 },
      ttrs: [ttr - 0.02, ttr, ttr + 0.02, ttr],
      rep2s: [1 - ttr, 1 - ttr, 1 - ttr, 1 - ttr],
      example: { prompt: 'Once', text: ' upon' },
    });
    const trained = {
      ...{ learningRate: 1e-3, windows: 8, batch: 2, updates: 9, trainableParameters: 100 },
      ...{ seconds: 1, trainLossBefore: 3, trainLoss: 0.1 },
    };
    const words = (all: number, last: number) => {
      const arms = [
        { name: 'all blocks', trained, measured: measured(all) },
        { name: 'last 2 blocks', trained, measured: measured(last) },
      ];
      const planned = arms.map(({ name }) => name);
      const results = { planned, scopes: ['all', 'last:2'], base: measured(0.4), human: null, arms };
      return show('strategies', results).findings.join(' ');
    };

    it('where training all of them changes something', () => {
      expect(words(0.8, 0.6)).toMatch(
        /Last 2 blocks: different tokens 40 % → 60 %.* 50 % of the change that training all blocks gives; less than all blocks \(difference −0\.20/,
      );
      expect(words(0.8, 0.8)).toMatch(/100 % of the change .* do not differ by more than chance/);
    });

    it('and that it cannot be told where that changes nothing', () => {
      expect(words(0.4, 0.6)).toMatch(/no more than chance/);
      expect(words(0.4, 0.6)).not.toMatch(/of the change that training/);
    });
  });

  it('teaches adapters and whole models at rates in the proportion of the quick recipe', () => {
    expect(forScope(recipe, 'all')).toEqual({ scope: 'all', learningRate: 4e-3 });
    expect(forScope(recipe, 'full')).toEqual({ scope: 'full', learningRate: 2e-3 });
    expect(forScope({ ...recipe, scope: 'full' }, 'first:2').learningRate).toBe(8e-3);
  });
});

describe('how much data', () => {
  const request = () => ({ ...training, data: sea, sizes: [1, 6, 3, 500, 400] });

  it('makes about as many updates with fewer windows, and measures all on the same text', async () => {
    const { results, kept } = await perform('data-size', request());
    const { arms } = armsSchema.parse(results);
    const { available } = z.looseObject({ available: z.number() }).parse(results);
    expect(available).toBeGreaterThan(6);
    // The recipe makes 9 updates with its 6 windows; more than 18 windows cannot be gone through in so few.
    expect(arms.map(({ trained }) => [trained.windows, trained.batch, trained.updates])).toEqual([
      [available, 2, Math.max(9, Math.floor(available / 2))],
      [6, 2, 9],
      [3, 2, 9],
      [1, 1, 9],
    ]);
    expect(kept).toHaveLength(5);
    const showing = show('data-size', results);
    expect(showing.findings.join(' ')).toContain(
      `gives ${available} windows to train on, so that is what stands for 500 and 400`,
    );
    const figure = showing.exhibits.find((exhibit) => exhibit.kind === 'figure');
    expect(figure).toMatchObject({ isXLogarithmic: true });
    expect(figure?.kind === 'figure' && figure.series[0]!.points.map(([x]) => x)).toEqual([
      available,
      6,
      3,
      1,
    ]);
    for (const one of kept) show('data-size', one);
  });

  it('refuses sizes that are all the same for this text', async () => {
    const refused = perform('data-size', { ...request(), sizes: [400, 500] });
    await expect(refused).rejects.toMatchObject({ code: 'bad-argument', message: /nothing to compare/ });
  });
});

describe('which order', () => {
  it('compares models of the same windows in other orders with each other', async () => {
    const { results, kept } = await perform('order', { ...training, data: sea, orders: 3 });
    const { agreement } = z.looseObject({ agreement: z.array(z.array(z.number())) }).parse(results);
    expect(agreement).toHaveLength(3);
    for (const [row, shares] of agreement.entries()) {
      expect(shares).toHaveLength(3);
      expect(shares[row]).toBe(1);
      for (const [column, share] of shares.entries()) expect(share).toBe(agreement[column]![row]);
    }
    const hashes = new Set<string>();
    const seeds: (number | null)[] = [];
    for (const name of ['order-1', 'order-2', 'order-3']) {
      const { configuration } = (await RunFolder.open(path.join(folder, name)))!;
      hashes.add(configuration.windowsHash);
      seeds.push(configuration.recipe.orderSeed);
      expect(configuration.recipe.seed).toBe(recipe.seed);
    }
    expect(hashes.size).toBe(1);
    expect(new Set(seeds).size).toBe(3);
    const losses = armsSchema.parse(results).arms.map(({ trained }) => trained.trainLoss);
    expect(new Set(losses).size).toBe(3);
    for (const one of kept) show('order', one);
    const table = tableOf(show('order', results), /agree/);
    expect(table.rows[1]!.cells[0]).toBe(agreement[1]![0]);
    expect(table.note).toMatch(/from a summary of the paper: 68 % to 75 %/);
  });
});

describe('which texts', () => {
  it('lets a model of each text go on with beginnings of every text', async () => {
    const { results, kept } = await perform('domains', {
      ...training,
      recipe: { ...recipe, epochs: 12 },
      domains: [{ data: sea }, { data: hills }],
    });
    const matrix = tableOf(show('domains', results), /TTR/);
    expect(matrix.columns.slice(1).map(({ name }) => name)).toEqual([
      'Beginnings of sea.txt',
      'Beginnings of hills.txt',
    ]);
    expect(matrix.rows.map(({ name }) => name).slice(0, 3)).toEqual([
      'Nothing: the base',
      'sea.txt',
      'hills.txt',
    ]);
    for (const { cells } of matrix.rows.slice(0, 3))
      expect(cells.every((cell) => typeof cell === 'number' && cell > 0 && cell <= 1)).toBe(true);
    for (const one of kept) show('domains', one);
    expect(show('domains', kept[1]).findings.join(' ')).toMatch(/Not there yet: hills\.txt/);
    // Each learned its own text: there its loss is lower than that of the model of the other.
    const losses = tableOf(show('domains', results), /learned/).rows;
    const [ofSea, ofHills] = [losses[1]!.cells, losses[2]!.cells];
    expect(ofSea[1]).toBeLessThan(Number(ofHills[1]));
    expect(ofHills[2]).toBeLessThan(Number(ofSea[2]));
  });

  it('keeps two files of one name apart', async () => {
    const { kept } = await perform(
      'domains',
      { ...training, domains: [{ data: sea }, { data: sea }] },
      /^Training/,
    );
    expect(kept[0]).toMatchObject({ planned: ['sea.txt', 'sea.txt (2)'] });
  });
});

describe('how long', () => {
  const run = async (samples: number) => {
    const out = path.join(folder, `run-${samples}`);
    const settings = { ...recipe, samples, samplesEvery: 1, promptTokens: 4, sampleTokens: 12 };
    const request = { model: MODEL, data: sea, recipe: settings, recipeName: null, runtime: 'cpu', out };
    await runHyperfit({ ...request, resume: false });
    return out;
  };

  it('shows what a run has written down on its way, with the paper’s curve beside it', async () => {
    const out = await run(2);
    const { results } = await perform('learning-curve', { out });
    const lines = (await readFile(path.join(out, 'epochs.jsonl'), 'utf8')).trim().split('\n');
    const showing = show('learning-curve', results);
    const rows = tableOf(showing, /epoch/).rows;
    expect(rows).toHaveLength(4);
    for (const [index, line] of lines.entries()) {
      const { trainLoss, validationLoss, ttr, rep2 } = JSON.parse(line);
      expect(rows[index]!.cells).toEqual([trainLoss, validationLoss, ttr, rep2]);
    }
    const figure = showing.exhibits[0];
    expect(figure?.kind === 'figure' && figure.series.at(-1)).toMatchObject({
      source: expect.stringMatching(/read off the authors’ figure/),
      points: expect.arrayContaining([[0.37, 0.651]]),
    });
  });

  it('finds the epoch at which most of the gain was there', () => {
    const ttrs = [0.2, 0.3, 0.5, 0.57, 0.58, 0.6, 0.62];
    const epochs = ttrs.map((ttr, epoch) => ({
      epoch,
      trainLoss: 3 - epoch / 2,
      heldOutLoss: 1,
      ttr,
      rep2: 0,
    }));
    // The end is 0.6, so 0.56 is nine tenths of the way.
    const words = show('learning-curve', { texts: 16, epochs }).findings.join(' ');
    expect(words).toMatch(
      /from 20 % to 60 %\. 90 % of that was there at epoch 3 of 6, at a training loss of 1\.50/,
    );
    expect(words).toMatch(/TinyLlama.*at epoch 3 of 20/);
    const falling = epochs.map((point) => ({ ...point, ttr: 1 - point.ttr }));
    expect(show('learning-curve', { texts: 16, epochs: falling }).findings.join(' ')).toMatch(
      /did not become more varied/,
    );
  });

  it('says in words that a run has written no texts, or is not there', async () => {
    const out = await run(0);
    await expect(perform('learning-curve', { out })).rejects.toMatchObject({
      code: 'bad-argument',
      message: /no texts on its way/,
    });
    await expect(perform('learning-curve', { out: path.join(folder, 'none') })).rejects.toMatchObject({
      code: 'file-not-found',
    });
  });
});
