import { describe, expect, it } from 'vitest';
import { findAll } from './highlighters.ts';
import { PatternRunner, RAN_AWAY } from './pattern-runner.ts';

/** As pattern-worker.ts, but for "(a+)+", in which it would be for hours. */
class FakeThread extends EventTarget {
  isEnded = false;
  constructor() {
    super();
    queueMicrotask(() => this.#tell('ready'));
  }
  postMessage({ pattern, texts }: { pattern: string; texts: string[] }): void {
    if (pattern !== '(a+)+$') queueMicrotask(() => this.#tell(findAll(pattern, texts)));
  }
  terminate(): void {
    this.isEnded = true;
  }
  #tell(data: unknown): void {
    this.dispatchEvent(Object.assign(new Event('message'), { data }));
  }
}

function makeRunner() {
  const threads: FakeThread[] = [];
  const start = () => {
    const thread = new FakeThread();
    threads.push(thread);
    return thread;
  };
  return { threads, runner: new PatternRunner(start, 20) };
}

describe('expressions', () => {
  it('are run one after the other in one thread', async () => {
    const { threads, runner } = makeRunner();
    const found = await Promise.all([runner.find('a', ['aba']), runner.find('b', ['aba'])]);
    expect(found.map(([one]) => one?.count)).toEqual([2, 1]);
    expect(threads).toHaveLength(1);
  });

  it('that run away are stopped with a message, and the next one is run', async () => {
    const { threads, runner } = makeRunner();
    const away = runner.find('(a+)+$', ['aaaaaaaaaaaaaaaaaaaaaaaaaaaaab']);
    const after = runner.find('b', ['aba']);
    await expect(away).rejects.toThrow(RAN_AWAY);
    expect((await after)[0]?.count).toBe(1);
    expect(threads.map(({ isEnded }) => isEnded)).toEqual([true, false]);
  });
});
