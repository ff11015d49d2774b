import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../../store/database.ts';
import { SettingsStore } from '../../store/library-store.ts';
import { DATABASE } from '../data-folder.ts';
import { ScriptedEngine } from '../jobs/engine.fake.ts';
import { type ExamineOptions, examine } from './examine.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'examine-'));
});
afterEach(() => rm(folder, { recursive: true }));

function look(changes: Partial<ExamineOptions> = {}) {
  return examine({
    ...{ version: '1', home: folder, resources: folder, isQuick: true, onProgress: () => {} },
    signal: new AbortController().signal,
    startEngine: () => {
      throw new Error('No engine may be asked.');
    },
    ...changes,
  });
}

function store(values: Readonly<Record<string, unknown>>): void {
  const database = openDatabase(path.join(folder, DATABASE));
  const settings = new SettingsStore(database);
  for (const [name, value] of Object.entries(values)) settings.write(name, value);
  database.close();
}

const speed = { trainedTokensPerSecond: 1000, writtenTokensPerSecond: 500, matmulGflops: 80 };
const report = (threads: number | null) => ({
  ...{ measured: new Date().toISOString(), modelFolder: null, fastest: 'cpu' },
  results: [{ runtime: 'cpu', device: 'a', threads, speed, problem: null }],
});

it('makes nothing where there is no lab yet, and measures nothing if only asked to look', async () => {
  const home = path.join(folder, 'none');
  const { use, runtimes, disk } = await look({ home });
  expect(use).toMatchObject({ runtime: 'cpu', why: 'unmeasured', whyThreads: 'all' });
  expect(runtimes.map(({ gflops }) => gflops)).toEqual([null, null, null]);
  expect(disk).toMatchObject({ dataFolder: home, speed: null });
  expect(await readdir(folder)).toEqual([]);
});

it('tells what the lab would use, and why: what is set, and what its speed test has found', async () => {
  store({ speed: report(null) });
  expect((await look()).use).toMatchObject({ runtime: 'cpu', why: 'fastest', whyThreads: 'all' });
  store({ settings: { runtime: 'webgpu', threads: 1 } });
  expect((await look()).use).toEqual({ runtime: 'webgpu', threads: 1, why: 'set', whyThreads: 'set' });
  store({ settings: { runtime: 'tensorflow', products: 'bfloat16' } });
  expect((await look()).use).toMatchObject({ runtime: 'tensorflow', products: 'bfloat16' });
  expect((await look({ runtime: 'cpu' })).use).toMatchObject({ runtime: 'cpu', why: 'asked' });
});

it('takes a runtime that ends its process for a fact like another', async () => {
  const startEngine = () =>
    new ScriptedEngine((engine, message) => {
      if (message.kind !== 'start' || message.job.kind !== 'speed') return;
      if (message.job.runtime === 'webgpu') engine.exit(null, 'SIGSEGV');
      else engine.tell({ kind: 'done', result: { matmulGflops: 80 } });
    });
  const { runtimes, disk } = await look({ isQuick: false, startEngine });
  const [cpu, webgpu] = runtimes;
  expect(cpu).toEqual({ runtime: 'cpu', isThere: true, problem: null, gflops: 80 });
  expect(webgpu).toMatchObject({ isThere: false, gflops: null, problem: expect.stringMatching(/./) });
  expect(disk.speed?.readBytesPerSecond).toBeGreaterThan(0);
});
