import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type SpeedReport, speedReportSchema } from '../../../src-preload/contract/endpoints/speed.ts';
import { type Connection, openDatabase } from '../../store/database.ts';
import { SettingsStore } from '../../store/library-store.ts';
import { ScriptedEngine } from '../jobs/engine.fake.ts';
import type { ToEngine } from '../jobs/job.ts';
import { Supervisor } from '../jobs/supervisor.ts';
import { chooseRuntime, computingFor } from '../settings/computing.ts';
import { fastestOf, SpeedTest, type SpeedTestOptions } from './speed-test.ts';

const SPEED = { trainedTokensPerSecond: 1000, writtenTokensPerSecond: 500, matmulGflops: 80 };
let folder: string;
let database: Connection;
let store: SettingsStore;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'speed-'));
  database = openDatabase(path.join(folder, 'lab.sqlite'));
  store = new SettingsStore(database);
});
afterEach(async () => {
  database.close();
  await rm(folder, { recursive: true });
});

async function all<Packet>(channel: AsyncIterable<Packet>): Promise<Packet[]> {
  const packets: Packet[] = [];
  for await (const packet of channel) packets.push(packet);
  return packets;
}

const LLAMA = path.join(import.meta.dirname, '../../../tests/golden/fixtures/llama');
const SMALL = { modelFolder: null };

function speedTest(
  play: (engine: ScriptedEngine, message: ToEngine) => void,
  others: Partial<SpeedTestOptions> = {},
) {
  const supervisor = new Supervisor(() => new ScriptedEngine(play));
  const test = new SpeedTest({
    ...{
      supervisor,
      store,
      threadCounts: async () => [2],
      packInUse: () => null,
      whereIsModel: (folder) => folder,
    },
    ...others,
  });
  return { test, supervisor, open: test.answers['speed.test'] };
}

it('measures each runtime, and takes one that dies in native code for a result like another', async () => {
  const { test, open } = speedTest((engine, message) => {
    if (message.kind !== 'start' || message.job.kind !== 'speed') return;
    if (message.job.runtime === 'webgpu') return engine.exit(null, 'SIGABRT');
    engine.tell({ kind: 'event', event: { kind: 'measuring', share: 0.5 } });
    engine.tell({ kind: 'done', result: SPEED });
  });
  let told = 0;
  test.answers.speed.subscribe(() => told++);
  const packets = await all(open(SMALL, new AbortController().signal));
  expect(packets.at(-1)).toMatchObject({ runtime: 'webgpu', share: 1 });
  const [processor, card] = test.report()!.results;
  expect(processor).toMatchObject({ runtime: 'cpu', speed: SPEED, problem: null });
  expect(card).toMatchObject({ runtime: 'webgpu', speed: null });
  expect(card!.problem).toContain('the computing library failed');
  expect(test.report()!.fastest).toBe('cpu');
  expect(told).toBe(1);
});

it('stops with who asked for it, and keeps the report before', async () => {
  const controller = new AbortController();
  const { test, supervisor, open } = speedTest((engine, message) => {
    if (message.kind === 'start') controller.abort();
    if (message.kind === 'stop')
      engine.tell({ kind: 'failed', error: { code: 'cancelled', message: 'It was stopped.', data: {} } });
  });
  await all(open(SMALL, controller.signal));
  await expect.poll(() => supervisor.status()).toEqual([]);
  expect(test.report()).toBeNull();
});

it('recommends what trains fastest, and the processor where nothing could be measured', () => {
  const slow = { runtime: 'cpu', device: 'a', threads: null, speed: SPEED, problem: null } as const;
  const fast = { ...slow, runtime: 'webgpu', speed: { ...SPEED, trainedTokensPerSecond: 1001 } } as const;
  const broken = { runtime: 'webgpu', device: 'b', threads: null, speed: null, problem: 'No.' } as const;
  expect(fastestOf([slow, fast])).toBe('webgpu');
  expect(fastestOf([slow, broken])).toBe('cpu');
  expect(fastestOf([broken])).toBe('cpu');
});

it('is what "automatic" computes on, and what is set by hand comes first', () => {
  const slow = { runtime: 'cpu', device: 'a', threads: null, speed: SPEED, problem: null } as const;
  const fast = { ...slow, runtime: 'webgpu', speed: { ...SPEED, trainedTokensPerSecond: 1001 } } as const;
  const fastest = {
    ...slow,
    runtime: 'tensorflow',
    speed: { ...SPEED, trainedTokensPerSecond: 1002 },
  } as const;
  const report: SpeedReport = {
    ...{ measured: new Date().toISOString(), modelFolder: null, fastest: 'tensorflow' },
    results: [slow, fast, fastest],
  };
  expect(chooseRuntime({ runtime: 'auto' }, report, true)).toEqual({ runtime: 'tensorflow', why: 'fastest' });
  expect(chooseRuntime({ runtime: 'auto' }, report, false)).toEqual({ runtime: 'webgpu', why: 'fastest' });
  expect(chooseRuntime({ runtime: 'auto' }, null, true)).toEqual({ runtime: 'cpu', why: 'unmeasured' });
  expect(chooseRuntime({ runtime: 'cpu' }, report, true)).toEqual({ runtime: 'cpu', why: 'set' });
  expect(computingFor({ threads: 3 }, { runtime: 'webgpu' }, null)).toEqual({
    runtime: 'webgpu',
    threads: 3,
  });
  expect(computingFor({ threads: null }, { runtime: 'cpu' }, null).threads).toBeGreaterThan(0);
});

it('measures TensorFlow too where it is installed', async () => {
  const { test, open } = speedTest(
    (engine, { kind }) => kind === 'start' && engine.tell({ kind: 'done', result: SPEED }),
    { packInUse: () => 'cpu' },
  );
  await all(open(SMALL, new AbortController().signal));
  expect(test.report()!.results.map(({ runtime }) => runtime)).toEqual(['cpu', 'webgpu', 'tensorflow']);
});

it('gives engines the shape of the chosen model, where it lies now, and keeps whose it was', async () => {
  const configs: unknown[] = [];
  const { test, open } = speedTest(
    (engine, message) => {
      if (message.kind !== 'start' || message.job.kind !== 'speed') return;
      configs.push(message.job.config);
      engine.tell({ kind: 'done', result: SPEED });
    },
    { whereIsModel: (folder) => (folder === '/moved/llama' ? LLAMA : folder) },
  );
  await all(open({ modelFolder: '/moved/llama' }, new AbortController().signal));
  expect(configs).toHaveLength(2);
  for (const config of configs) expect(config).toMatchObject({ model_type: 'llama', num_hidden_layers: 3 });
  expect(test.report()!.modelFolder).toBe(LLAMA);
  await all(open(SMALL, new AbortController().signal));
  expect(configs.slice(2)).toEqual([null, null]);
  expect(test.report()!.modelFolder).toBeNull();
});

it('keeps how fast a model trains where writing with it fails', async () => {
  const { writtenTokensPerSecond: _, ...trained } = SPEED;
  const message = 'To write, the whole model needs 28.0 GB of free memory, and 8.0 GB are there now.';
  const { test, open } = speedTest((engine, { kind }) => {
    if (kind !== 'start') return;
    engine.tell({ kind: 'event', event: { kind: 'trained', ...trained } });
    engine.tell({ kind: 'failed', error: { code: 'out-of-memory', message, data: {} } });
  });
  await all(open(SMALL, new AbortController().signal));
  const [processor] = test.report()!.results;
  expect(processor!.speed).toEqual({ ...trained, writtenTokensPerSecond: null });
  expect(processor!.problem).toBe(message);
  expect(test.report()!.fastest).toBe('cpu');
});

it('ends a measurement after a minute, and says what is not known for that', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const { test, open } = speedTest((engine, message) => {
      if (message.kind === 'start' && message.job.kind === 'speed' && message.job.runtime === 'cpu')
        engine.tell({
          kind: 'event',
          event: { kind: 'trained', trainedTokensPerSecond: 2, matmulGflops: 1 },
        });
      if (message.kind === 'stop')
        engine.tell({ kind: 'failed', error: { code: 'cancelled', message: 'It was stopped.', data: {} } });
    });
    let isOver = false;
    const measuring = all(open(SMALL, new AbortController().signal)).finally(() => {
      isOver = true;
    });
    while (!isOver) {
      await vi.advanceTimersByTimeAsync(60_000);
      await new Promise(setImmediate);
    }
    await measuring;
    const [processor, card] = test.report()!.results;
    expect(processor!.speed).toMatchObject({ trainedTokensPerSecond: 2, writtenTokensPerSecond: null });
    expect(processor!.problem).toContain('The minute');
    expect(card!.speed).toBeNull();
    expect(card!.problem).toContain('too slow to be of use');
  } finally {
    vi.useRealTimers();
  }
});

it('tries one thread a core beside all threads, and computes with what was faster', async () => {
  const { test, open } = speedTest(
    (engine, message) => {
      if (message.kind !== 'start' || message.job.kind !== 'speed') return;
      const { runtime, threads } = message.job;
      const trainedTokensPerSecond = runtime === 'cpu' && threads === 1 ? 2000 : 1000;
      engine.tell({ kind: 'done', result: { ...SPEED, trainedTokensPerSecond } });
    },
    { threadCounts: async () => [2, 1], packInUse: () => 'cpu' },
  );
  await all(open(SMALL, new AbortController().signal));
  const report = test.report()!;
  const threadsOf = (runtime: string) => report.results.find((result) => result.runtime === runtime)?.threads;
  // Where both are as fast, all are taken; a graphics card has no such threads.
  expect([threadsOf('cpu'), threadsOf('tensorflow'), threadsOf('webgpu')]).toEqual([1, 2, null]);
  expect(computingFor({ threads: null }, { runtime: 'cpu' }, report).threads).toBe(1);
  expect(computingFor({ threads: 7 }, { runtime: 'cpu' }, report).threads).toBe(7);
});

it('refuses a model that cannot be used in words, before an engine is asked', async () => {
  const { supervisor, open } = speedTest(() => {
    throw new Error('No engine may be asked.');
  });
  const model = path.join(folder, 'strange');
  await cp(LLAMA, model, { recursive: true });
  await writeFile(path.join(model, 'config.json'), '{ "model_type": "mamba" }');
  const test = all(open({ modelFolder: model }, new AbortController().signal));
  await expect(test).rejects.toMatchObject({
    code: 'unsupported-architecture',
    message: expect.stringContaining('mamba'),
  });
  const gone = all(open({ modelFolder: path.join(folder, 'gone') }, new AbortController().signal));
  await expect(gone).rejects.toMatchObject({ code: 'file-not-found' });
  expect(supervisor.status()).toEqual([]);
});

it('reads reports of before a model could be chosen', () => {
  const result = { runtime: 'cpu', device: 'a', threads: null, speed: SPEED, problem: null };
  store.write('speed', { measured: new Date().toISOString(), results: [result], fastest: 'cpu' });
  expect(store.read('speed', speedReportSchema)).toMatchObject({ modelFolder: null, results: [result] });
});
