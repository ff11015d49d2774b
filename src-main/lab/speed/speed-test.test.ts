import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { SpeedReport } from '../../../src-preload/contract/endpoints/speed.ts';
import { type Connection, openDatabase } from '../../store/database.ts';
import { SettingsStore } from '../../store/library-store.ts';
import type { Engine } from '../jobs/engine.ts';
import type { FromEngine, ToEngine } from '../jobs/job.ts';
import { Supervisor } from '../jobs/supervisor.ts';
import { chooseRuntime, computingFor } from '../settings/computing.ts';
import { fastestOf, SpeedTest } from './speed-test.ts';

/** An engine that does with a job what the test says. */
class ScriptedEngine implements Engine {
  readonly name = 'scripted';
  readonly #play: (engine: ScriptedEngine, message: ToEngine) => void;
  tell: (message: FromEngine) => void = () => {};
  exit: (code: number | null, signal: string | null) => void = () => {};

  constructor(play: (engine: ScriptedEngine, message: ToEngine) => void) {
    this.#play = play;
  }

  send(message: ToEngine): void {
    queueMicrotask(() => (message.kind === 'end' ? this.exit(0, null) : this.#play(this, message)));
  }
  onMessage(listener: (message: unknown) => void): void {
    this.tell = listener;
  }
  onExit(listener: (code: number | null, signal: string | null) => void): void {
    this.exit = listener;
  }
  kill(): void {
    this.exit(null, 'SIGKILL');
  }
}

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

function speedTest(play: (engine: ScriptedEngine, message: ToEngine) => void) {
  const supervisor = new Supervisor(() => new ScriptedEngine(play));
  const test = new SpeedTest(supervisor, store, () => 2);
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
  const packets = await all(open(null, new AbortController().signal));
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
  await all(open(null, controller.signal));
  await expect.poll(() => supervisor.status()).toEqual([]);
  expect(test.report()).toBeNull();
});

it('recommends what trains fastest, and the processor where nothing could be measured', () => {
  const slow = { runtime: 'cpu', device: 'a', speed: SPEED, problem: null } as const;
  const fast = { ...slow, runtime: 'webgpu', speed: { ...SPEED, trainedTokensPerSecond: 1001 } } as const;
  const broken = { runtime: 'webgpu', device: 'b', speed: null, problem: 'No.' } as const;
  expect(fastestOf([slow, fast])).toBe('webgpu');
  expect(fastestOf([slow, broken])).toBe('cpu');
  expect(fastestOf([broken])).toBe('cpu');
});

it('is what "automatic" computes on, and what is set by hand comes first', () => {
  const slow = { runtime: 'cpu', device: 'a', speed: SPEED, problem: null } as const;
  const fast = { ...slow, runtime: 'webgpu', speed: { ...SPEED, trainedTokensPerSecond: 1001 } } as const;
  const fastest = {
    ...slow,
    runtime: 'tensorflow',
    speed: { ...SPEED, trainedTokensPerSecond: 1002 },
  } as const;
  const report: SpeedReport = {
    ...{ measured: new Date().toISOString(), fastest: 'tensorflow' },
    results: [slow, fast, fastest],
  };
  expect(chooseRuntime({ runtime: 'auto' }, report, true)).toEqual({ runtime: 'tensorflow', why: 'fastest' });
  expect(chooseRuntime({ runtime: 'auto' }, report, false)).toEqual({ runtime: 'webgpu', why: 'fastest' });
  expect(chooseRuntime({ runtime: 'auto' }, null, true)).toEqual({ runtime: 'cpu', why: 'unmeasured' });
  expect(chooseRuntime({ runtime: 'cpu' }, report, true)).toEqual({ runtime: 'cpu', why: 'set' });
  expect(computingFor({ threads: 3 }, { runtime: 'webgpu' })).toEqual({ runtime: 'webgpu', threads: 3 });
  expect(computingFor({ threads: null }, { runtime: 'cpu' }).threads).toBeGreaterThan(0);
});

it('measures TensorFlow too where it is installed', async () => {
  const supervisor = new Supervisor(
    () =>
      new ScriptedEngine(
        (engine, { kind }) => kind === 'start' && engine.tell({ kind: 'done', result: SPEED }),
      ),
  );
  const test = new SpeedTest(
    supervisor,
    store,
    () => 2,
    () => 'cpu',
  );
  await all(test.answers['speed.test'](null, new AbortController().signal));
  expect(test.report()!.results.map(({ runtime }) => runtime)).toEqual(['cpu', 'webgpu', 'tensorflow']);
});
