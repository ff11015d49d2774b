/** The lab over its contract, with real engine processes: what a page can do, and what is left after a crash. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Client } from '../../src-preload/contract/client.ts';
import { GREEDY, type WrittenPacket } from '../../src-preload/contract/endpoints/comparison.ts';
import type { Run, RunRequest } from '../../src-preload/contract/endpoints/runs.ts';
import { settingsSchema } from '../../src-preload/contract/endpoints/system.ts';
import { type LabContract, labContract } from '../../src-preload/contract/lab-contract.ts';
import { serve } from '../../src-preload/contract/server.ts';
import { inProcessPair } from '../../src-preload/contract/transport.ts';
import { FIXTURES, ROOT } from '../../tests/cli/run-lab.ts';
import { sampleText } from '../../tests/cli/sample-text.ts';
import { findRecipe } from '../engine/training/recipe.ts';
import type { Engine } from './jobs/engine.ts';
import { forkEngine } from './jobs/fork-engine.ts';
import { Lab } from './lab.ts';

const ENGINE = path.join(import.meta.dirname, 'jobs', 'engine-process.ts');
let folder: string;
let lab: Lab;
let client: Client<LabContract>;
let text: string;
const engines: Engine[] = [];

async function open(onMoved = () => {}): Promise<void> {
  lab = await Lab.open({
    dataFolder: path.join(folder, 'data'),
    resources: path.join(ROOT, 'resources'),
    startEngine: () => {
      const engine = forkEngine(ENGINE);
      engines.push(engine);
      return engine;
    },
    roots: [folder],
    version: '1.2.3',
    onMoved,
  });
  client = connect();
}

function connect(): Client<LabContract> {
  const pair = inProcessPair();
  serve(labContract, lab.answers, pair.server, {
    onUnexpected: (error) => {
      throw error;
    },
  });
  return new Client(labContract, pair.client);
}

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lab-'));
  text = path.join(folder, 'text.txt');
  await writeFile(text, sampleText());
  await open();
});
afterEach(async () => {
  await lab.close();
  await rm(folder, { recursive: true });
});

const request = (changes: Partial<RunRequest['recipe']> = {}): RunRequest => ({
  name: 'Öde <Run> /../1',
  modelFolder: path.join(FIXTURES, 'llama'),
  dataFile: text,
  recipeName: null,
  recipe: {
    ...findRecipe('quick').settings,
    ...{ scope: 'last:2', rank: 4, alpha: 8, epochs: 3, batch: 2, windows: 8, windowLength: 16, samples: 1 },
    ...changes,
  },
});

/** Waits until a run looks as asked for. */
function waitFor(run: number, wanted: (state: Run) => boolean): Promise<Run> {
  return new Promise((resolve) => {
    const stop = client.watch('runs', (runs) => {
      const found = runs.find(({ id }) => id === run);
      if (found === undefined || !wanted(found)) return;
      queueMicrotask(() => stop());
      resolve(found);
    });
  });
}
const isOver = ({ state }: Run) => state !== 'waiting' && state !== 'running';

/** All numbers of a run, as a page that opens now gets them. */
async function numbers(run: number, epochs: number) {
  const controller = new AbortController();
  const seen = { steps: [] as unknown[], epochs: [] as unknown[] };
  await client
    .open(
      'runs.follow',
      { run, afterStep: 0, afterEpoch: -1 },
      {
        onPacket: (packet) => {
          seen.steps.push(...packet.steps.loss);
          seen.epochs.push(...packet.epochs);
          if (seen.epochs.length === epochs) controller.abort();
        },
        signal: controller.signal,
      },
    )
    .catch(() => {});
  return seen;
}

describe('the lab', () => {
  it('trains, shows the numbers to who comes early and late, and writes with the result', async () => {
    const { run } = await client.call('runs.start', request());
    const [early, finished] = await Promise.all([numbers(run, 4), waitFor(run, isOver)]);
    expect(finished).toMatchObject({ state: 'finished', steps: 12, lastEpoch: 3, error: null });
    expect(early.steps).toHaveLength(12);
    expect(await numbers(run, 4)).toEqual(early);
    const { comparison } = await client.call('comparisons.start', {
      arms: [
        { name: 'Before', modelFolder: finished.modelFolder, run: null, checkpoint: null, decoding: GREEDY },
        { name: 'After', modelFolder: finished.modelFolder, run, checkpoint: null, decoding: GREEDY },
      ],
      prompts: ['the sea', 'a <b>bold</b> boat'],
      references: [],
      maxNewTokens: 8,
      seed: 1,
    });
    const packets: WrittenPacket[] = [];
    await client.open(
      'comparisons.follow',
      { comparison },
      { onPacket: (packet) => void packets.push(packet) },
    );
    expect(packets.at(-1)).toMatchObject({ state: 'finished', share: 1, error: null });
    expect(packets.at(-1)?.measures).toMatchObject([{ tokens: { value: 8 } }, { tokens: { value: 8 } }]);
  });

  it('pauses, goes on to the same losses, and forgets a run with its folder', async () => {
    const whole = (await client.call('runs.start', request({ epochs: 12 }))).run;
    await waitFor(whole, isOver);
    const { run } = await client.call('runs.start', request({ epochs: 12 }));
    await waitFor(run, ({ steps }) => steps >= 4);
    await client.call('runs.pause', { run });
    const paused = await waitFor(run, isOver);
    expect(paused.state).toBe('paused');
    await client.call('runs.resume', { run });
    expect((await waitFor(run, isOver)).state).toBe('finished');
    expect(await numbers(run, 13)).toEqual(await numbers(whole, 13));
    await client.call('runs.remove', { run });
    await expect(stat(paused.folder)).rejects.toThrow('ENOENT');
    await expect(client.call('runs.pause', { run })).rejects.toMatchObject({ code: 'bad-argument' });
  });

  it('tells why a run failed, and that one whose process was killed can go on', async () => {
    const bad = await client.call('runs.start', request({ windowLength: 4096 }));
    expect(await waitFor(bad.run, isOver)).toMatchObject({
      state: 'failed',
      error: { code: 'bad-argument', message: expect.stringContaining('longer than this model') },
    });
    const { run } = await client.call('runs.start', request({ epochs: 400 }));
    const running = await waitFor(run, ({ lastEpoch }) => (lastEpoch ?? 0) >= 2);
    process.kill(Number(engines.at(-1)!.name.replace('pid ', '')), 'SIGKILL');
    const interrupted = await waitFor(run, isOver);
    expect(interrupted).toMatchObject({ state: 'interrupted', error: { code: 'interrupted' } });
    expect(interrupted.steps).toBeGreaterThanOrEqual(running.steps);
  });

  it('that ended in the middle of a run says so at the next start, and has all of its numbers', async () => {
    const { run } = await client.call('runs.start', request({ epochs: 400 }));
    await waitFor(run, ({ lastEpoch }) => (lastEpoch ?? 0) >= 3);
    await lab.close();
    await open();
    const found = await waitFor(run, isOver);
    expect(found.state).toBe('paused');
    expect(found.lastEpoch).toBeGreaterThanOrEqual(3);
  });

  it('shows a text as the model will see it', async () => {
    const { modelFolder, dataFile, recipe } = request();
    const preview = await client.call('texts.preview', { modelFolder, dataFile, recipe });
    expect(preview.report).toMatchObject({ documents: 1, train: 8 });
    expect(preview.windows[0]!.pieces).toHaveLength(16);
    expect(preview.windows[0]!.pieces[0]).toBe('<s>');
    await writeFile(dataFile, ' ');
    await expect(client.call('texts.preview', { modelFolder, dataFile, recipe })).rejects.toMatchObject({
      code: 'bad-data-set',
    });
  });

  it('goes on in another folder when its data was moved there', async () => {
    const { run } = await client.call('runs.start', request());
    await expect(
      client.open(
        'dataFolder.move',
        { to: path.join(folder, 'new'), removeOld: true },
        { onPacket: () => {} },
      ),
    ).rejects.toMatchObject({ message: expect.stringContaining('Pause the run') });
    const { steps } = await waitFor(run, isOver);
    await lab.close();
    const { promise: moved, resolve } = Promise.withResolvers<void>();
    await open(resolve);
    const phases: string[] = [];
    await client.open(
      'dataFolder.move',
      { to: path.join(folder, 'new'), removeOld: true },
      { onPacket: ({ phase }) => void phases.push(phase) },
    );
    expect(phases.at(-1)).toBe('done');
    await moved;
    await lab.close();
    await open();
    const found = await waitFor(run, isOver);
    expect(found).toMatchObject({ state: 'finished', steps });
    expect(found.folder).toContain(path.join(folder, 'new', 'runs'));
    expect(await client.call('dataFolder.describe', null)).toMatchObject({
      folder: path.join(folder, 'new'),
    });
  });

  it('is alone in its data folder', async () => {
    await expect(open()).rejects.toMatchObject({ code: 'store-in-use' });
  });

  it('keeps models, texts and settings, and refuses what it cannot use', async () => {
    const bundled = await client.call('models.list', null);
    expect(bundled).toMatchObject([{ name: 'Starter model', bundled: true, summary: { blocks: 8 } }]);
    await client.call('models.add', { folder: path.join(FIXTURES, 'gpt2') });
    await expect(client.call('models.add', { folder })).rejects.toMatchObject({ code: expect.any(String) });
    await client.call('texts.add', { file: text });
    await client.set('settings', { ...settingsSchema.parse({}), theme: 'dark' });
    await lab.close();
    await rm(text);
    await open();
    expect((await client.call('models.list', null)).map(({ name }) => name)).toEqual([
      'Starter model',
      'gpt2',
    ]);
    expect((await client.call('texts.list', null)).at(-1)).toMatchObject({ name: 'text.txt', bytes: null });
    const theme = await new Promise((resolve) => client.watch('settings', resolve));
    expect(theme).toMatchObject({ theme: 'dark' });
  });

  it('shows folders below its roots, and nothing that links lead out to', async () => {
    await symlink('/etc', path.join(folder, 'way-out'));
    const { entries } = await client.call('folders.list', { folder });
    expect(entries.map(({ name }) => name)).toEqual(['data', 'text.txt']);
    for (const outside of ['/etc', path.join(folder, 'way-out'), path.join(folder, '..')])
      await expect(client.call('folders.list', { folder: outside })).rejects.toMatchObject({
        code: 'bad-argument',
      });
    expect(await readdir(folder)).toContain('way-out');
  });
});

it('loads no library that computes into its own process: what aborts there would take the lab along', () => {
  const libraries = `console.log(process.report.getReport().sharedObjects.join('\\n'))`;
  const script = `import('${path.join(import.meta.dirname, 'lab.ts')}').then(() => ${libraries})`;
  const loaded = execFileSync(process.execPath, ['--eval', script], { encoding: 'utf8' });
  expect(loaded.trim()).not.toBe('');
  expect(loaded).not.toContain('onnxruntime');
});
