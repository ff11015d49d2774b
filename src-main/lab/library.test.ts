/** Models and texts over the lab's answers, with real engine processes: added, moved, missing, read by chosen columns. */
import { cp, mkdir, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GREEDY, type WrittenPacket } from '../../src-preload/contract/endpoints/comparison.ts';
import { FIXTURES, ROOT } from '../../tests/cli/run-lab.ts';
import { sampleText } from '../../tests/cli/sample-text.ts';
import { findRecipe } from '../engine/training/recipe.ts';
import { RunFolder } from '../engine/training/run-folder.ts';
import { forkEngine } from './jobs/fork-engine.ts';
import { Lab } from './lab.ts';

const ENGINE = path.join(import.meta.dirname, 'jobs', 'engine-process.ts');
const { signal } = new AbortController();
let folder: string;
let lab: Lab;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'library-'));
  lab = await Lab.open({
    dataFolder: path.join(folder, 'data'),
    resources: path.join(ROOT, 'resources'),
    startEngine: () => forkEngine(ENGINE),
    roots: [folder],
    version: '1.2.3',
  });
});
afterEach(async () => {
  await lab.close();
  await rm(folder, { recursive: true });
});

async function write(name: string, content: string): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, content);
  return file;
}

async function copyModel(name: string, to: string): Promise<string> {
  const place = path.join(folder, to);
  await cp(path.join(FIXTURES, name), place, { recursive: true, preserveTimestamps: true });
  return place;
}

const addedModel = async () => (await lab.answers['models.list'](null, signal)).at(-1)!;
const addedText = async () => (await lab.answers['texts.list'](null, signal)).at(-1)!;

async function finished(run: number): Promise<void> {
  await expect
    .poll(() => lab.answers.runs.read().find(({ id }) => id === run)?.state, { timeout: 60_000 })
    .not.toMatch(/waiting|running/);
}

describe('the models of the lab', () => {
  it('are found again at the place that a person tells, also by runs of before', async () => {
    const first = await copyModel('llama', 'first');
    const text = await write('sea.txt', sampleText());
    await lab.answers['models.add']({ folder: first }, signal);
    const settings = {
      scope: 'last:1',
      rank: 2,
      alpha: 2,
      epochs: 1,
      windows: 4,
      windowLength: 16,
      samples: 0,
    };
    const { run } = await lab.answers['runs.start'](
      {
        ...{ name: 'a', modelFolder: first, dataFile: text, recipeName: null },
        recipe: { ...findRecipe('quick').settings, ...settings, batch: 2 },
      },
      signal,
    );
    await finished(run);
    await rename(first, path.join(folder, 'second'));
    expect(await addedModel()).toMatchObject({ missing: true, summary: null });
    const to = path.join(folder, 'second');
    const move = { folder: first, to, evenIfDifferent: false };
    expect(await lab.answers['models.move'](move, signal)).toEqual({ difference: null });
    expect(await addedModel()).toMatchObject({ folder: to, missing: false, changed: false });
    const arm = { name: 'After', modelFolder: first, run, checkpoint: null, decoding: GREEDY };
    const request = { arms: [arm], prompts: ['the sea'], references: [], maxNewTokens: 4, seed: 1 };
    const { comparison } = await lab.answers['comparisons.start'](request, signal);
    let last: WrittenPacket | undefined;
    for await (const packet of lab.answers['comparisons.follow']({ comparison }, signal)) last = packet;
    expect(last).toMatchObject({ state: 'finished', error: null });
  });

  it('are not taken for another one without a question', async () => {
    const first = await copyModel('llama', 'first');
    const other = await copyModel('gpt2', 'other');
    await lab.answers['models.add']({ folder: first }, signal);
    const move = { folder: first, to: other, evenIfDifferent: false };
    expect(await lab.answers['models.move'](move, signal)).toMatchObject({
      difference: expect.stringContaining('another model'),
    });
    expect((await addedModel()).folder).toBe(first);
    await lab.answers['models.move']({ ...move, evenIfDifferent: true }, signal);
    expect(await addedModel()).toMatchObject({ folder: other, summary: { architecture: 'gpt2' } });
    await expect(lab.answers['models.move'](move, signal)).rejects.toMatchObject({ code: 'bad-argument' });
  });

  it('say so when their files are others than when they were added', async () => {
    const model = await copyModel('llama', 'model');
    await lab.answers['models.add']({ folder: model }, signal);
    await utimes(path.join(model, 'model.safetensors'), 1, 1);
    expect(await addedModel()).toMatchObject({ changed: true, summary: { architecture: 'llama' } });
  });
});

describe('the texts of the lab', () => {
  const table = `title,story\n${sampleText()
    .match(/.{30}/gs)!
    .map((line, index) => `${index},"${index} ${line.replaceAll('"', '""')}"`)
    .join('\n')}`;

  it('are kept with their columns, which a run writes down', async () => {
    const model = path.join(FIXTURES, 'llama');
    const file = await write('sea.csv', table.replace('story', 'one').replace('title', 'two'));
    const unsure = await lab.answers['texts.inspect']({ file, columns: null }, signal);
    expect(unsure).toMatchObject({ textColumns: null, refusal: expect.stringContaining('several columns') });
    await expect(lab.answers['texts.add']({ file }, signal)).rejects.toThrow('several columns');
    const columns = { text: 'one' };
    await lab.answers['texts.add']({ file, columns }, signal);
    expect(await addedText()).toMatchObject({
      columns,
      found: { format: 'csv', problems: expect.any(Number) },
    });
    const recipe = {
      ...findRecipe('quick').settings,
      epochs: 1,
      windows: 4,
      windowLength: 8,
      samples: 0,
      batch: 2,
    };
    const preview = await lab.answers['texts.preview'](
      { modelFolder: model, dataFile: file, recipe },
      signal,
    );
    expect(preview.report.documents).toBeGreaterThan(1);
    const { run } = await lab.answers['runs.start'](
      {
        name: 'a',
        modelFolder: model,
        dataFile: file,
        recipeName: null,
        recipe: { ...recipe, scope: 'last:1' },
      },
      signal,
    );
    await finished(run);
    const described = lab.answers.runs.read().find(({ id }) => id === run)!;
    expect(described.state).toBe('finished');
    expect((await RunFolder.open(described.folder))?.configuration.columns).toEqual(columns);
  });

  it('are looked into again after they were written', async () => {
    const file = await write('sea.csv', table);
    await lab.answers['texts.add']({ file }, signal);
    expect((await addedText()).found?.problems).toBe(0);
    await write('sea.csv', `${table}\nlast,short`);
    expect((await addedText()).found).toBe(null);
    await lab.answers['texts.inspect']({ file, columns: null }, signal);
    expect((await addedText()).found?.problems).toBe(1);
  });

  it('are found again at the place that a person tells, if it is the same text', async () => {
    const file = await write('sea.txt', sampleText());
    await lab.answers['texts.add']({ file }, signal);
    const other = await write('other.txt', 'Another text.');
    await mkdir(path.join(folder, 'new'));
    const to = path.join(folder, 'new', 'sea.txt');
    await rename(file, to);
    expect((await addedText()).bytes).toBe(null);
    expect(
      await lab.answers['texts.move']({ file, to: other, evenIfDifferent: false }, signal),
    ).toMatchObject({ difference: expect.stringContaining('another text') });
    expect(await lab.answers['texts.move']({ file, to, evenIfDifferent: false }, signal)).toEqual({
      difference: null,
    });
    expect(await addedText()).toMatchObject({ file: to, found: { texts: 1 } });
  });

  it('stop being read when nobody waits any more', async () => {
    const file = await write('long.jsonl', '{"text":"a"}\n'.repeat(400_000));
    const controller = new AbortController();
    const reading = lab.answers['texts.inspect']({ file, columns: null }, controller.signal);
    setTimeout(() => controller.abort(), 300);
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
  });
});
