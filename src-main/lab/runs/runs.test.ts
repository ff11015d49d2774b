/** What a person can do with a run, with real engine processes: stop here and use it, keep states, and see the truth. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Run, RunRequest } from '../../../src-preload/contract/endpoints/runs.ts';
import { FIXTURES } from '../../../tests/cli/run-lab.ts';
import { sampleText } from '../../../tests/cli/sample-text.ts';
import { readAdapter } from '../../engine/formats/adapter.ts';
import { findRecipe } from '../../engine/training/recipe.ts';
import { type Connection, openDatabase } from '../../store/database.ts';
import { RunStore } from '../../store/run-store.ts';
import { forkEngine } from '../jobs/fork-engine.ts';
import { Supervisor } from '../jobs/supervisor.ts';
import { Runs } from './runs.ts';

const ENGINE = path.join(import.meta.dirname, '../jobs/engine-process.ts');
const signal = new AbortController().signal;
let folder: string;
let database: Connection;
let supervisor: Supervisor;
let runs: Runs;

function open(): void {
  database = openDatabase(path.join(folder, 'lab.sqlite'));
  supervisor = new Supervisor(() => forkEngine(ENGINE));
  runs = new Runs(new RunStore(database), supervisor, path.join(folder, 'runs'), () => ({
    runtime: 'cpu',
    threads: 1,
  }));
}
async function close(): Promise<void> {
  await supervisor.close();
  await runs.close();
  database.close();
}

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'runs-'));
  await writeFile(path.join(folder, 'text.txt'), sampleText());
  open();
});
afterEach(async () => {
  await close();
  await rm(folder, { recursive: true });
});

const request = (changes: Partial<RunRequest['recipe']> = {}): RunRequest => ({
  name: 'A run',
  modelFolder: path.join(FIXTURES, 'llama'),
  dataFile: path.join(folder, 'text.txt'),
  recipeName: null,
  recipe: {
    ...findRecipe('quick').settings,
    ...{ scope: 'last:2', rank: 4, alpha: 8, epochs: 2000, batch: 2, windows: 8, windowLength: 16 },
    ...{ samples: 1, stopAtLoss: null, stopAtAccuracy: null },
    ...changes,
  },
});
const start = async (changes: Partial<RunRequest['recipe']> = {}) =>
  (await runs.answers['runs.start'](request(changes), signal)).run;
const find = (run: number): Run => {
  const found = runs.answers.runs.read().find(({ id }) => id === run);
  if (found === undefined) throw new Error('There is no such run.');
  return found;
};
const until = (run: number, wanted: (state: Run) => boolean) =>
  expect.poll(() => wanted(find(run)), { timeout: 30_000, interval: 20 }).toBe(true);
const isOver = ({ state }: Run) => state !== 'waiting' && state !== 'running';

describe('a run', () => {
  it('has a folder of its own, though another of its name began in the same moment', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      const [one, other] = [await start(), await start()];
      expect(find(other).folder).toBe(`${find(one).folder}-2`);
    } finally {
      vi.useRealTimers();
    }
  });

  it('keeps what it computes on with what was asked', async () => {
    const run = await start({ epochs: 1 });
    await until(run, isOver);
    expect(find(run).computing).toEqual({ runtime: 'cpu', threads: 1 });
    const configuration: unknown = JSON.parse(
      await readFile(path.join(find(run).folder, 'run.json'), 'utf8'),
    );
    expect(configuration).toMatchObject({ runtime: 'cpu', threads: 1 });
  });

  it('that is computed can be ended here and used', async () => {
    const run = await start();
    await until(run, ({ steps }) => steps > 5);
    await runs.answers['runs.finish']({ run }, signal);
    const finished = find(run);
    expect(finished).toMatchObject({ state: 'finished', error: null, live: null });
    expect(finished.stopped).toContain(`after step ${finished.steps}`);
    expect((await readAdapter((await runs.learned(run, null)).adapter ?? '')).rank).toBe(4);
    await expect(runs.answers['runs.resume']({ run }, signal)).rejects.toMatchObject({
      code: 'bad-argument',
      message: expect.stringContaining('finished'),
    });
  });

  it('that is paused can be used from its last checkpoint, without training on', async () => {
    const run = await start({ scope: 'full' });
    await until(run, ({ steps }) => steps > 5);
    await expect(runs.learned(run, null)).rejects.toThrow('not finished');
    await runs.answers['runs.pause']({ run }, signal);
    const { steps } = find(run);
    await runs.answers['runs.finish']({ run }, signal);
    expect(find(run)).toMatchObject({ state: 'finished', steps });
    const { model = '' } = await runs.learned(run, null);
    expect(await readFile(path.join(model, 'config.json'), 'utf8')).toContain('float32');
  });

  it('keeps what the frozen blocks said while it may go on, and no longer', async () => {
    const caches = async (place: string) => (await readdir(place)).filter((name) => name.includes('cache'));
    const [resumable, used, ended] = [await start(), await start(), await start({ epochs: 1 })];
    for (const run of [resumable, used]) {
      await until(run, ({ steps }) => steps > 5);
      await runs.answers['runs.pause']({ run }, signal);
      expect(await caches(find(run).folder)).toContain('prefix-train.cache');
    }
    await runs.answers['runs.finish']({ run: used }, signal);
    await until(ended, ({ state }) => state === 'finished');
    for (const run of [used, ended]) expect(await caches(find(run).folder)).toEqual([]);

    // What a crash may leave: after a result was written, and of a run that was deleted.
    const deleted = path.join(folder, 'runs', 'deleted');
    await mkdir(deleted);
    for (const place of [deleted, find(ended).folder]) {
      await writeFile(path.join(place, 'prefix-train.cache'), 'states');
      await writeFile(path.join(place, 'prefix-held-out.cache.json'), '{}');
    }
    await close();
    open();
    await runs.recover();
    for (const place of [deleted, find(ended).folder]) expect(await caches(place)).toEqual([]);
    expect(await caches(find(resumable).folder)).toContain('prefix-train.cache');
  });

  it('that has learned nothing yet cannot be used, and says so', async () => {
    const run = await start();
    await runs.answers['runs.pause']({ run }, signal);
    await expect(runs.answers['runs.finish']({ run }, signal)).rejects.toMatchObject({
      code: 'bad-checkpoint',
      message: expect.stringContaining('not learned anything'),
    });
    expect(find(run).state).toBe('paused');
  });

  it('keeps states while it learns and when it is paused, and lists them with the one to go on from', async () => {
    const run = await start();
    await until(run, ({ lastEpoch }) => (lastEpoch ?? 0) >= 1);
    const early = await runs.answers['runs.keepCheckpoint']({ run }, signal);
    // A state is kept once: the pause must find another.
    await until(run, ({ steps }) => steps > early.step);
    await runs.answers['runs.pause']({ run }, signal);
    const late = await runs.answers['runs.keepCheckpoint']({ run }, signal);
    expect(await runs.answers['runs.keepCheckpoint']({ run }, signal)).toEqual(late);
    const listed = await runs.answers['runs.checkpoints']({ run }, signal);
    expect(listed.slice(0, 2)).toEqual([early, late]);
    expect(listed[2]).toMatchObject({ step: find(run).steps, kept: false });
    const matrices = async (step: number) =>
      [...(await readAdapter((await runs.learned(run, step)).adapter ?? '')).modules.values()].map(
        ({ b }) => b.data,
      );
    expect(await matrices(early.step)).not.toEqual(await matrices(late.step));
    await expect(runs.learned(run, 100_000)).rejects.toThrow('kept nothing at step 100000');
  });

  it('refuses a state that is not as it was kept, and says which and what to do', async () => {
    const run = await start();
    await until(run, ({ lastEpoch }) => (lastEpoch ?? 0) >= 1);
    const { step, folder: kept } = await runs.answers['runs.keepCheckpoint']({ run }, signal);
    await runs.answers['runs.pause']({ run }, signal);
    expect(await runs.learned(run, step)).toEqual({ adapter: kept });
    const file = path.join(kept, 'adapter_model.safetensors');
    const bytes = await readFile(file);
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(file, bytes);
    const refusal = {
      code: 'bad-checkpoint',
      message: expect.stringMatching(/"A run" had kept at step \d+ is damaged.*Choose another state/),
      data: { run, step, folder: kept },
    };
    await expect(runs.learned(run, step)).rejects.toMatchObject(refusal);
    await rm(file);
    await expect(runs.learned(run, step)).rejects.toMatchObject(refusal);
  });

  it('tells the time left and the memory that it takes, and afterwards the most that it took', async () => {
    const run = await start();
    await until(run, ({ live }) => live !== null && live.secondsLeft !== null && live.memoryBytes !== null);
    await runs.answers['runs.pause']({ run }, signal);
    expect(find(run).peakMemoryBytes).toBeGreaterThan(10 * 2 ** 20);
  });

  it('whose engine is killed says where, why, and that it can go on', async () => {
    const run = await start();
    await until(run, ({ lastEpoch }) => (lastEpoch ?? 0) >= 1);
    const [{ process: name } = { process: '' }] = new RunStore(database).attempts(run);
    process.kill(Number(name.replace('pid ', '')), 'SIGKILL');
    await until(run, isOver);
    const { error, steps, totalSteps } = find(run);
    expect(error).toMatchObject({ code: 'interrupted', data: { cause: 'killed', signal: 'SIGKILL' } });
    expect(error?.message).toContain(
      `Interrupted at step ${steps} of ${totalSteps}, can be resumed: it was ended`,
    );
  });

  it('whose folder cannot be read does not keep the lab from opening; resuming it says why', async () => {
    const run = await start();
    await until(run, ({ lastEpoch }) => (lastEpoch ?? 0) >= 1);
    const { folder: place } = find(run);
    await close();
    await writeFile(path.join(place, 'steps.jsonl'), '{"step":null}\n');
    open();
    database.exec('UPDATE attempts SET ended = NULL, outcome = NULL');
    await runs.recover();
    expect(find(run).state).toBe('interrupted');
    await expect(runs.answers['runs.resume']({ run }, signal)).rejects.toMatchObject({
      code: 'bad-checkpoint',
    });
  });
});
