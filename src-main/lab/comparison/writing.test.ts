import { expect, it } from 'vitest';
import { GREEDY } from '../../engine/generation/decoding.ts';
import type { Engine } from '../jobs/engine.ts';
import { Supervisor } from '../jobs/supervisor.ts';
import { Writing } from './writing.ts';

/** Every job is done as soon as it begins. */
function quickEngine(): Engine {
  let message: (message: unknown) => void = () => {};
  let exit: (code: number | null, signal: string | null) => void = () => {};
  return {
    name: 'quick',
    send: ({ kind }) => {
      if (kind === 'start') queueMicrotask(() => message({ kind: 'done', result: {} }));
      if (kind === 'end') exit(0, null);
    },
    onMessage: (listener) => {
      message = listener;
    },
    onExit: (listener) => {
      exit = listener;
    },
    kill: () => exit(null, 'SIGKILL'),
  };
}

it('ends as failed, and tells so, where nothing can be kept', async () => {
  const supervisor = new Supervisor(quickEngine);
  const arms = [{ model: '/m', adapter: null, decoding: GREEDY }];
  const request = { arms, prompts: ['the sea'], maxNewTokens: 1, seed: 1 };
  const writing = new Writing(request, supervisor, () => ({ runtime: 'cpu', threads: 1 }));
  const states: string[] = [];
  await writing.write({
    onState: () => states.push(writing.state),
    onKept: () => {
      throw new Error('database or disk is full');
    },
  });
  expect(states.at(-1)).toBe('failed');
  expect(writing.written).toMatchObject({ outcome: 'failed', error: { code: 'internal' } });
  await supervisor.close();
});
