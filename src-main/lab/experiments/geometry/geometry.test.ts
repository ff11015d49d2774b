import { mkdtempSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { showingSchema } from '../../../../src-preload/contract/exhibits.ts';
import { askTinyPair, TINY_PAIR, Told } from '../tiny-pair.fake.ts';
import { geometryExperiment } from './geometry.ts';
import type { GeometryResults } from './results.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'geometry-'));
afterAll(() => rm(folder, { recursive: true }));

async function measure(request: unknown, told = new Told(folder)): Promise<GeometryResults> {
  return (await geometryExperiment.perform(request, told)) as GeometryResults;
}

describe('terminal expansion', () => {
  it('tells every block, the last one before and after the final norm, and how many states there were', async () => {
    const told = new Told(folder);
    const results = await measure(askTinyPair(), told);
    expect(results.layers.map(({ block, stage }) => `${block} ${stage}`)).toEqual([
      '1 output',
      '2 output',
      '3 output',
      '3 after-final-norm',
    ]);
    expect(results).toMatchObject({ texts: 4, groups: 4, blocks: 3, width: 32 });
    expect(results.bound).toBe(Math.min(results.tokens - 1, 32));
    for (const layer of results.layers) {
      expect(layer.participationRatioTuned).toBeLessThanOrEqual(results.bound);
      expect(layer.deltaDim).toBe(layer.participationRatioTuned - layer.participationRatioBase);
      expect(layer.l2Band!.low).toBeLessThanOrEqual(layer.l2);
      expect(layer.l2Band!.high).toBeGreaterThanOrEqual(layer.l2);
    }
    // The adapter is on the last two of three blocks.
    expect(results.layers[0]).toMatchObject({ l2: 0, deltaDim: 0 });
    expect(results.layers[1]!.l2).toBeGreaterThan(0);
    const [last, normed] = results.layers.slice(-2);
    expect(last!.deltaDim).not.toBeCloseTo(normed!.deltaDim, 3);
    expect(JSON.parse(JSON.stringify(results))).toEqual(results);
    expect(told.shares).toEqual([...told.shares].sort((a, b) => a - b));
    expect(told.shares.at(-1)).toBe(1);
  });

  it('finds nothing where the two models are one', async () => {
    const results = await measure(
      askTinyPair({ pair: { ...TINY_PAIR, tuned: { model: TINY_PAIR.base, adapter: null } } }),
    );
    for (const { cosine, l2, deltaDim } of results.layers) {
      expect(cosine).toBeCloseTo(1, 12);
      expect([l2, deltaDim]).toEqual([0, 0]);
    }
    expect(geometryExperiment.show(results).findings.join(' ')).toContain('the same after every block');
  });

  it('shows lines with bands and all layers beside the paper’s numbers, also of a part', async () => {
    const told = new Told(folder);
    const results = await measure(askTinyPair(), told);
    for (const found of [...told.kept, results]) {
      const { exhibits } = showingSchema.parse(geometryExperiment.show(found));
      const [figure] = exhibits;
      expect(figure).toMatchObject({ kind: 'figure', shape: 'lines' });
      for (const { points, band } of figure!.kind === 'figure' ? figure!.series : [])
        expect(band).toHaveLength(points.length);
    }
    const table = geometryExperiment.show(results).exhibits.find(({ kind }) => kind === 'table');
    const rows = table?.kind === 'table' ? table.rows : [];
    for (const { cells } of rows) expect(cells).toHaveLength(8);
    expect(rows.filter(({ source }) => source !== null)).toHaveLength(3);
    const { definitions, findings } = geometryExperiment.show(results);
    expect(definitions.every(({ text }) => text !== '')).toBe(true);
    expect(findings.join(' ')).toContain('lab’s inference');
  });

  it('has no band of a single text, and says so', async () => {
    const results = await measure(askTinyPair({ texts: { kind: 'given', texts: ['The sea was calm.'] } }));
    expect(results.layers.every(({ deltaDimBand }) => deltaDimBand === null)).toBe(true);
    expect(geometryExperiment.show(results).findings.at(-1)).toContain('one text alone');
  });

  it('stops when it is told to, leaves no states behind and goes on with the layers that it has', async () => {
    const stop = new AbortController();
    const told = new Told(folder, { signal: stop.signal });
    const keep = told.keep;
    const stopping = {
      ...told,
      keep: (found: unknown) => {
        keep(found);
        stop.abort(new Error('enough'));
      },
    };
    await expect(geometryExperiment.perform(askTinyPair(), stopping)).rejects.toThrow('enough');
    expect(await readdir(folder)).toEqual([]);
    const [previous] = told.kept;
    expect((previous as GeometryResults).layers).toHaveLength(1);
    const rest = new Told(folder, { previous });
    expect(await measure(askTinyPair(), rest)).toEqual(await measure(askTinyPair()));
    expect(rest.kept).toHaveLength(3);
  });

  it('refuses models that are not built alike', async () => {
    const other = TINY_PAIR.base.replace(/llama$/, 'llama-bias');
    await expect(
      measure(askTinyPair({ pair: { base: TINY_PAIR.base, tuned: { model: other, adapter: null } } })),
    ).rejects.toMatchObject({ name: 'LabError', code: 'bad-argument' });
    expect(await readdir(folder)).toEqual([]);
  });
});
