import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FIXTURES, isAlive } from '../../../tests/cli/run-lab.ts';
import { sampleText } from '../../../tests/cli/sample-text.ts';
import { GREEDY } from '../../engine/generation/decoding.ts';
import { findRecipe, type Recipe } from '../../engine/training/recipe.ts';
import type { Engine } from './engine.ts';
import { forkEngine } from './fork-engine.ts';
import type { FromEngine, Job, JobEvent, ToEngine } from './job.ts';
import { Supervisor } from './supervisor.ts';

/** An engine in the hands of the test. */
class FakeEngine implements Engine {
  readonly name = 'fake';
  readonly sent: ToEngine[] = [];
  #message: (message: unknown) => void = () => {};
  #exit: (code: number | null, signal: string | null) => void = () => {};

  send = (message: ToEngine) => {
    this.sent.push(message);
    if (message.kind === 'end') this.exit(0);
  };
  onMessage = (listener: (message: unknown) => void) => {
    this.#message = listener;
  };
  onExit = (listener: (code: number | null, signal: string | null) => void) => {
    this.#exit = listener;
  };
  kill = () => this.exit(null, 'SIGKILL');
  tell = (message: FromEngine) => this.#message(message);
  exit = (code: number | null, signal: string | null = null) => this.#exit(code, signal);
  finish = (result: unknown) => this.tell({ kind: 'done', result });
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
  kind: 'write',
  model: '/m',
  adapter: null,
  decoding: GREEDY,
  weights: 'float32',
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
    supervisor = new Supervisor(start);
  });
  const start = () => {
    const engine = new FakeEngine();
    engines.push(engine);
    return engine;
  };

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

  it('lets who writes stay for the next text, until training wants the memory', async () => {
    const write = async () => {
      const { done } = supervisor.submit(writing);
      engines.at(-1)!.finish('text');
      await done;
      await settled();
    };
    await write();
    await write();
    expect(engines).toHaveLength(1);
    expect(engines[0]!.sent.map(({ kind }) => kind)).toEqual(['start', 'start']);
    supervisor.submit(training());
    await settled();
    expect(engines[0]!.sent.at(-1)).toEqual({ kind: 'end' });
    expect(engines[1]!.sent).toMatchObject([{ kind: 'start', job: { kind: 'hyperfit' } }]);
  });

  it('sends who writes home when nobody asks for a while, and when the lab closes', async () => {
    supervisor = new Supervisor(start, { idleMilliseconds: 1 });
    supervisor.submit(writing);
    engines[0]!.finish('text');
    await expect.poll(() => engines[0]!.sent.at(-1)).toEqual({ kind: 'end' });
    supervisor.submit(writing);
    expect(engines).toHaveLength(2);
    engines[1]!.finish('text');
    await supervisor.close();
    expect(engines[1]!.sent.at(-1)).toEqual({ kind: 'end' });
  });

  it('has files of models released by who is idle, not by who writes', async () => {
    const { done } = supervisor.submit(writing);
    await supervisor.releaseFiles();
    expect(engines[0]!.sent.map(({ kind }) => kind)).toEqual(['start']);
    engines[0]!.finish('text');
    await done;
    await supervisor.releaseFiles();
    expect(engines[0]!.sent.map(({ kind }) => kind)).toEqual(['start', 'end']);
  });

  it.each([
    ['what writes after seconds', writing, 10_000],
    ['what trains only after a minute, as it keeps a checkpoint', training(), 60_000],
  ])('kills %s, if it does not stop', async (_, job, patience) => {
    vi.useFakeTimers();
    try {
      const submitted = supervisor.submit(job);
      let isOver = false;
      submitted.done.catch(() => {
        isOver = true;
      });
      submitted.stop();
      await vi.advanceTimersByTimeAsync(patience - 1);
      expect(isOver).toBe(false);
      await vi.advanceTimersByTimeAsync(1);
      await expect(submitted.done).rejects.toMatchObject({ code: 'cancelled' });
    } finally {
      vi.useRealTimers();
    }
  });

  it('takes another process for the next text when the one that stayed is gone', async () => {
    supervisor.submit(writing);
    engines[0]!.finish('text');
    await settled();
    engines[0]!.kill();
    await settled();
    const { done } = supervisor.submit(writing);
    engines[1]!.finish('next');
    expect(await done).toBe('next');
  });

  it('goes on with the next job where one is not heard when it begins, and gives its process back', async () => {
    const deaf = supervisor.submit(training(), {
      onStart: () => {
        throw new Error('The disk is full.');
      },
    });
    const next = supervisor.submit(training('/runs/b'));
    await expect(deaf.done).rejects.toThrow('The disk is full.');
    expect(engines[0]!.sent.map(({ kind }) => kind)).toEqual(['end']);
    engines[1]!.finish('trained');
    expect(await next.done).toBe('trained');
  });

  it('stops a job in an orderly way where its events cannot be taken in, and says why', async () => {
    const deaf = supervisor.submit(training(), {
      onEvent: () => {
        throw new Error('The disk is full.');
      },
    });
    const [engine] = engines;
    engine!.tell({ kind: 'event', event: { kind: 'prefix', share: 0.5 } });
    engine!.tell({ kind: 'event', event: { kind: 'prefix', share: 0.6 } });
    expect(engine!.sent.map(({ kind }) => kind)).toEqual(['start', 'stop']);
    engine!.tell({ kind: 'failed', error: { code: 'cancelled', message: 'It was stopped.', data: {} } });
    await expect(deaf.done).rejects.toThrow('The disk is full.');
  });

  it('takes no harm from a process that says what nobody understands', async () => {
    const { done } = supervisor.submit(training());
    engines[0]!.tell({ kind: 'nonsense' } as unknown as FromEngine);
    expect(engines[0]!.sent.at(-1)).toEqual({ kind: 'stop' });
    engines[0]!.kill();
    await expect(done).rejects.toThrow('kind');
  });

  it('stops a job with the signal of whoever waits for it, also where that came first', async () => {
    const controller = new AbortController();
    const begun = supervisor.submit(training(), { signal: controller.signal });
    controller.abort();
    const late = supervisor.submit(training(), { signal: controller.signal });
    expect(engines[0]!.sent.at(-1)).toEqual({ kind: 'stop' });
    await expect(late.done).rejects.toMatchObject({ code: 'cancelled' });
    engines[0]!.kill();
    await expect(begun.done).rejects.toMatchObject({ code: 'cancelled' });
    expect(engines).toHaveLength(1);
  });

  it('never begins what was stopped while room was made for it', async () => {
    supervisor.submit(writing);
    engines[0]!.finish('text');
    await settled();
    const submitted = supervisor.submit(training());
    submitted.stop();
    await expect(submitted.done).rejects.toMatchObject({ code: 'cancelled' });
    expect(engines.flatMap(({ sent }) => sent).filter(({ kind }) => kind === 'start')).toHaveLength(1);
  });

  it('tells when nothing is heard of a process any more', async () => {
    vi.useFakeTimers();
    try {
      supervisor = new Supervisor(start);
      supervisor.submit(training());
      const seen: boolean[] = [];
      supervisor.subscribe(() => seen.push(supervisor.status()[0]!.silent));
      engines[0]!.tell({ kind: 'alive', memoryBytes: 7, peakMemoryBytes: 9 });
      vi.advanceTimersByTime(30_000);
      expect([seen[0], seen.at(-1)]).toEqual([false, true]);
    } finally {
      vi.useRealTimers();
    }
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
    [134, null, 'native abort'],
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
    engines[0]!.tell({ kind: 'alive', memoryBytes: 7, peakMemoryBytes: 9 });
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

  it('that wrote is gone when nobody asks for a while', async () => {
    const engines: Engine[] = [];
    const supervisor = new Supervisor(
      () => {
        const engine = forkEngine(path.join(import.meta.dirname, 'engine-process.ts'));
        engines.push(engine);
        return engine;
      },
      { idleMilliseconds: 50 },
    );
    const model = path.join(FIXTURES, 'llama');
    await supervisor.submit({ ...writing, model, prompts: ['the sea'] } as Job).done;
    const pid = Number(engines[0]!.name.slice(4));
    expect(isAlive(pid)).toBe(true);
    await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
  });
});
