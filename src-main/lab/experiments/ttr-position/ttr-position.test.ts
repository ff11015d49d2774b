import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { showingSchema } from '../../../../src-preload/contract/exhibits.ts';
import type { PairRequest } from '../inputs.ts';
import { askTinyPair, Told } from '../tiny-pair.fake.ts';
import type { TtrPositionResults } from './results.ts';
import { ttrPositionExperiment } from './ttr-position.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'ttr-position-'));
afterAll(() => rm(folder, { recursive: true }));

/** The tiny model has no room for a window of 96; this one has 512 tokens. */
const STARTER = 'resources/starter-model';

function ask(changes: Partial<PairRequest> = {}): PairRequest {
  return askTinyPair({
    pair: { base: STARTER, tuned: { model: STARTER, adapter: null } },
    maxNewTokens: 110,
    ...changes,
  });
}

async function measure(request: unknown, told = new Told(folder)): Promise<TtrPositionResults> {
  return (await ttrPositionExperiment.perform(request, told)) as TtrPositionResults;
}

describe('variety along a text', () => {
  it('follows the window from its first full place to the end, and finds a model as varied as itself', async () => {
    const told = new Told(folder);
    const results = await measure(ask(), told);
    expect(results).toMatchObject({ window: 96, tokens: 110 });
    const [base, tuned] = results.lines;
    expect([base!.points[0]![0], base!.points.at(-1)![0]]).toEqual([96, 110]);
    expect(tuned!.points).toEqual(base!.points);
    for (const [place, [low, high]] of base!.band.entries()) {
      expect(low).toBeLessThanOrEqual(base!.points[place]![1]);
      expect(high).toBeGreaterThanOrEqual(base!.points[place]![1]);
    }
    expect(base!.decrease.mean).toBeCloseTo(base!.points[0]![1] - base!.points.at(-1)![1], 12);
    expect(results.slower).toEqual({ mean: 0, low: 0, high: 0 });
    expect(JSON.parse(JSON.stringify(results))).toEqual(results);
    expect(told.shares.at(-1)).toBe(1);
    for (const found of [...told.kept, results]) showingSchema.parse(ttrPositionExperiment.show(found));
  });

  it('shows how the texts really go on, where the beginnings were cut from longer ones', async () => {
    const text = readFileSync('resources/samples/winter-stories.txt', 'utf8').slice(0, 3_000);
    writeFileSync(path.join(folder, 'winter.txt'), text);
    const file = { kind: 'file', file: path.join(folder, 'winter.txt'), byLine: false } as const;
    const results = await measure(ask({ prompts: { ...file, firstTokens: 32 }, maxNewTokens: 97 }));
    const [human, base, tuned] = results.lines;
    // The one part that is full has 512 tokens, of which 32 are the beginning.
    expect(human).toMatchObject({ writer: 'human', texts: 1 });
    expect(human!.points.at(-1)![0]).toBe(480);
    expect(human!.points[0]![1]).toBeGreaterThan(base!.points[0]![1]);
    expect(tuned!.writer).toBe('tuned');
  });

  it('writes no more than the model has room for', async () => {
    const texts = ['The sea was calm and the boat came home. '.repeat(35)];
    const { tokens } = await measure(ask({ maxNewTokens: 4_000, prompts: { kind: 'given', texts } }));
    expect(tokens).toBeGreaterThan(96);
    expect(tokens).toBeLessThan(200);
  });

  it('says that a window needs longer texts', async () => {
    await expect(measure(askTinyPair({ maxNewTokens: 400 }))).rejects.toMatchObject({
      code: 'bad-argument',
      message: expect.stringContaining('the model reads 64'),
    });
    await expect(measure(ask({ maxNewTokens: 96 }))).rejects.toMatchObject({
      message: expect.stringContaining('96 asked for'),
    });
  });

  it('stops when it is told to and keeps the line that is there', async () => {
    const stop = new AbortController();
    const told = new Told(folder, { signal: stop.signal });
    const stopping = {
      ...told,
      keep: (found: unknown) => {
        told.keep(found);
        stop.abort(new Error('enough'));
      },
    };
    await expect(ttrPositionExperiment.perform(ask(), stopping)).rejects.toThrow('enough');
    expect((told.kept[0] as TtrPositionResults).lines.map(({ writer }) => writer)).toEqual(['base']);
  });
});
