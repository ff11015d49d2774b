import { mkdtempSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { showingSchema } from '../../../../src-preload/contract/exhibits.ts';
import { GREEDY } from '../../../engine/generation/decoding.ts';
import type { PairRequest } from '../inputs.ts';
import { OpenPair, write } from '../open-pair.ts';
import { askTinyPair, TINY_PAIR, Told } from '../tiny-pair.fake.ts';
import { copyingExperiment } from './copying.ts';
import type { CopyingResults } from './results.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'copying-'));
const file = path.join(folder, 'trained.txt');
afterAll(() => rm(folder, { recursive: true }));

const MAX_NEW_TOKENS = 20;

/** Writes words, so that a text of it becomes the same tokens again; the tiny model writes parts of letters. */
const STARTER = {
  base: 'resources/starter-model',
  tuned: { model: 'resources/starter-model', adapter: null },
};

/** What the tuned model writes after the first prompt stands in the training text. */
async function ask(models = TINY_PAIR): Promise<PairRequest> {
  const request = askTinyPair({ pair: models, maxNewTokens: MAX_NEW_TOKENS });
  const pair = new OpenPair(request.pair, { runtime: 'cpu' });
  const { prompts } = await pair.inputs(request);
  const text = await pair.use('tuned', async (subject) => {
    const [tokens] = await write(subject, prompts, {
      ...{ maxNewTokens: MAX_NEW_TOKENS, seed: 1 },
      decoding: GREEDY,
      atEnd: 'forbid',
    });
    return subject.model.tokenizer.decode(tokens!);
  });
  await pair.close();
  await writeFile(file, `Something else.\nAnd then: ${text}\nThe end.`);
  return { ...request, training: { data: file, recipe: null } };
}

async function measure(request: unknown, told = new Told(folder)): Promise<CopyingResults> {
  return (await copyingExperiment.perform(request, told)) as CopyingResults;
}

describe('does it copy?', () => {
  it('finds what stands in the training text, and that the citation blocker forbids it', async () => {
    const told = new Told(folder);
    const results = await measure(await ask(STARTER), told);
    expect(results.arms.map(({ arm }) => arm)).toEqual(['base', 'tuned', 'blocked']);
    const [base, tuned, blocked] = results.arms;
    expect(tuned!.overlaps[0]!).toBeGreaterThanOrEqual(MAX_NEW_TOKENS - 1);
    expect(blocked!.overlaps[0]!).toBeLessThan(10);
    expect(tuned!.datasetBleu[0]!).toBeGreaterThan(blocked!.datasetBleu[0]!);
    // The two models are one.
    expect(base).toEqual({ ...tuned, arm: 'base' });
    for (const { overlaps, datasetBleu, ttr, rep2 } of results.arms)
      for (const numbers of [overlaps, datasetBleu, ttr, rep2]) expect(numbers).toHaveLength(2);
    expect(JSON.parse(JSON.stringify(results))).toEqual(results);
    expect(told.shares.at(-1)).toBe(1);
  });

  it('shows the longest run where it stands', async () => {
    const results = await measure(await ask(STARTER));
    const [passage] = results.arms[1]!.passages;
    expect(passage!.tokens).toBe(results.arms[1]!.overlaps[0]);
    expect(passage).toMatchObject({ line: 2, window: null });
    expect(passage!.before).toContain('The sea');
    const showing = showingSchema.parse(copyingExperiment.show(results));
    const passages = showing.exhibits.find(({ kind }) => kind === 'passages');
    expect(passages?.kind === 'passages' && passages.passages.map(({ remark }) => remark).join()).toContain(
      'line 2 of trained.txt',
    );
  });

  it('shows bars that hold every text once, and rows beside the paper’s', async () => {
    const told = new Told(folder);
    await measure(await ask(), told);
    for (const found of told.kept) {
      const { exhibits } = showingSchema.parse(copyingExperiment.show(found));
      const [bars, table] = exhibits;
      for (const { points } of bars!.kind === 'figure' ? bars!.series : [])
        expect(points.reduce((sum, [, share]) => sum + share!, 0)).toBeCloseTo(1, 12);
      for (const { cells } of table!.kind === 'table' ? table!.rows : []) expect(cells).toHaveLength(7);
    }
  });

  it('says what is missing where the training text is not known, and where its file is gone', async () => {
    await expect(measure(askTinyPair())).rejects.toMatchObject({
      code: 'bad-argument',
      message: expect.stringContaining('--training-text'),
    });
    const training = { data: path.join(folder, 'gone.txt'), recipe: null };
    await expect(measure(askTinyPair({ training }))).rejects.toMatchObject({ code: 'file-not-found' });
  });

  it('stops when it is told to and goes on with the texts that it has', async () => {
    const request = await ask();
    const stop = new AbortController();
    const told = new Told(folder, { signal: stop.signal });
    const stopping = {
      ...told,
      keep: (found: unknown) => {
        told.keep(found);
        stop.abort(new Error('enough'));
      },
    };
    await expect(copyingExperiment.perform(request, stopping)).rejects.toThrow('enough');
    const [previous] = told.kept;
    expect((previous as CopyingResults).arms.map(({ arm }) => arm)).toEqual(['base']);
    expect(await measure(request, new Told(folder, { previous }))).toEqual(await measure(request));
  });
});
