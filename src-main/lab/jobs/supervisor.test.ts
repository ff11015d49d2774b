import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FIXTURES } from '../../../tests/cli/run-lab.ts';
import { sampleText } from '../../../tests/cli/sample-text.ts';
import { findRecipe, type Recipe } from '../../engine/training/recipe.ts';
import { forkEngine } from './fork-engine.ts';
import type { FromEngine, Job, JobEvent, ToEngine } from './job.ts';
import { type Engine, Supervisor } from './supervisor.ts';

/** An engine in the hands of the test. */
class FakeEngine implements Engine {
  readonly name = 'fake';
  readonly sent: ToEngine[] = [];
  #message: (message: unknown) => void = () => {};
  #exit: (code: number | null, signal: string | null) => void = () => {};

  send = (message: ToEngine) => this.sent.push(message);
  onMessage = (listener: (message: unknown) => void) => {
    this.#message = listener;
  };
  onExit = (listener: (code: number | null, signal: string | null) => void) => {
    this.#exit = listener;
  };
  kill = () => this.exit(null, 'SIGKILL');
  tell = (message: FromEngine) => this.#message(message);
  exit = (code: number | null, signal: string | null = null) => this.#exit(code, signal);
  finish = (result: unknown) => {
    this.tell({ kind: 'done', result });
    this.exit(0);
  };
}

const training = (out = '/runs/a'): Job => ({
  kind: 'hyperfit',
  model: '/m',
  data: '/d',
  recipe: findRecipe('quick').settings,
  recipeName: 'quick',
  runtime: 'cpu',
  out,
  resume: false,
});
const writing: Job = {
  kind: 'compare',
  arms: [],
  prompts: [],
  maxNewTokens: 1,
  seed: 1,
  runtime: 'cpu',
  atEnd: 'stop',
};
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('the supervisor', () => {
  let engines: FakeEngine[];
  let supervisor: Supervisor;
  beforeEach(() => {
    engines = [];
    supervisor = new Supervisor(() => {
      const engine = new FakeEngine();
      engines.push(engine);
      return engine;
    });
  });

  it('runs one job at a time, training before writing', async () => {
    const first = supervisor.submit(writing);
    const second = supervisor.submit(writing);
    const third = supervisor.submit(training());
    expect(supervisor.status().map(({ state }) => state)).toEqual(['running', 'waiting', 'waiting']);
    engines[0]!.finish('text');
    expect(await first.done).toBe('text');
    await settled();
    expect(supervisor.status()).toMatchObject([
      { id: second.id, state: 'waiting' },
      { id: third.id, kind: 'hyperfit', state: 'running' },
    ]);
    engines[1]!.finish(null);
    await settled();
    engines[2]!.finish(null);
    await settled();
    expect(supervisor.status()).toEqual([]);
  });

  it('lets nobody wait who only looks at a text', async () => {
    supervisor.submit(training());
    const { recipe } = training() as { recipe: Recipe };
    const look = supervisor.submit({ kind: 'preview', model: '/m', data: '/d', recipe });
    engines[1]!.finish('windows');
    expect(await look.done).toBe('windows');
    await settled();
    expect(supervisor.status()).toMatchObject([{ kind: 'hyperfit', state: 'running' }]);
  });

  it('gives a job its own errors', async () => {
    const { done } = supervisor.submit(training());
    engines[0]!.tell({ kind: 'failed', error: { code: 'disk-full', message: 'Full.', data: { free: 0 } } });
    engines[0]!.exit(0);
    await expect(done).rejects.toMatchObject({ code: 'disk-full', message: 'Full.', data: { free: 0 } });
  });

  it.each([
    [null, 'SIGKILL', 'memory ran out'],
    [null, 'SIGABRT', 'the computing library failed'],
    [134, null, 'code 134'],
  ])('tells why a process is gone (%s, %s), and goes on with the next job', async (code, signal, reason) => {
    const { done } = supervisor.submit(training());
    const next = supervisor.submit(writing);
    engines[0]!.exit(code, signal);
    await expect(done).rejects.toMatchObject({
      code: 'engine-lost',
      message: expect.stringContaining(reason),
    });
    await settled();
    engines[1]!.finish('text');
    expect(await next.done).toBe('text');
  });

  it('stops jobs: those that wait at once, those that run when they have kept what they did', async () => {
    const [running, waiting] = [supervisor.submit(training()), supervisor.submit(training('/runs/b'))];
    waiting.stop();
    await expect(waiting.done).rejects.toMatchObject({ code: 'cancelled' });
    running.stop();
    expect(engines[0]!.sent.at(-1)).toEqual({ kind: 'stop' });
    engines[0]!.tell({ kind: 'failed', error: { code: 'cancelled', message: 'It was stopped.', data: {} } });
    engines[0]!.exit(0);
    await expect(running.done).rejects.toMatchObject({ code: 'cancelled' });
    expect(engines).toHaveLength(1);
  });

  it('passes events on, and tells how much memory a process takes', async () => {
    const events: JobEvent[] = [];
    supervisor.submit(training(), { onEvent: (event) => events.push(event) });
    engines[0]!.tell({ kind: 'alive', memoryBytes: 7 });
    engines[0]!.tell({ kind: 'event', event: { kind: 'prefix', share: 0.5 } });
    expect(events).toEqual([{ kind: 'prefix', share: 0.5 }]);
    expect(supervisor.status()[0]).toMatchObject({ memoryBytes: 7, silent: false });
  });

  it('takes no job while it closes', async () => {
    const { done } = supervisor.submit(training());
    const closing = supervisor.close();
    engines[0]!.exit(null, 'SIGTERM');
    await closing;
    await expect(done).rejects.toMatchObject({ code: 'cancelled' });
    expect(() => supervisor.submit(writing)).toThrow('closed');
  });
});

describe('a real engine process', () => {
  let folder: string;
  let job: Job;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'engine-'));
    const data = path.join(folder, 'text.txt');
    await writeFile(data, sampleText());
    const recipe = { ...findRecipe('quick').settings, windows: 8, windowLength: 16, batch: 2, samples: 1 };
    const model = path.join(FIXTURES, 'llama');
    job = { ...training(path.join(folder, 'run')), model, data, recipe: { ...recipe, epochs: 3 } } as Job;
  });
  afterEach(() => rm(folder, { recursive: true }));
  const real = () => new Supervisor(() => forkEngine(path.join(import.meta.dirname, 'engine-process.ts')));

  it('trains, and tells every step', async () => {
    const events: JobEvent[] = [];
    const { done } = real().submit(job, { onEvent: (event) => events.push(event) });
    expect(await done).toMatchObject({ model: path.join(folder, 'run', 'model') });
    expect(events.filter(({ kind }) => kind === 'step')).toHaveLength(12);
    expect(events.filter(({ kind }) => kind === 'epoch')).toHaveLength(4);
  });

  it('that is stopped keeps a checkpoint', async () => {
    const long = { ...job, recipe: { ...(job as { recipe: object }).recipe, epochs: 5000 } } as Job;
    const submitted = real().submit(long, {
      onEvent: (event) => {
        if (event.kind === 'step' && event.record.step === 6) submitted.stop();
      },
    });
    await expect(submitted.done).rejects.toMatchObject({ code: 'cancelled' });
    expect(await readdir(path.join(folder, 'run', 'checkpoints'))).toHaveLength(1);
  });

  it('that is killed says so', async () => {
    const supervisor = real();
    const { done } = supervisor.submit(
      { ...job, recipe: { ...(job as { recipe: object }).recipe, epochs: 5000 } } as Job,
      { onStart: (engine) => setTimeout(() => process.kill(Number(engine.slice(4)), 'SIGKILL'), 1500) },
    );
    await expect(done).rejects.toMatchObject({ code: 'engine-lost', data: { signal: 'SIGKILL' } });
  });
});
