import { expect, it } from 'vitest';
import { GREEDY } from '../../engine/generation/decoding.ts';
import type { Engine } from '../jobs/engine.ts';
import { Supervisor } from '../jobs/supervisor.ts';
import { type ArmNumbers, measureTexts } from './arm-numbers.ts';
import { Writing } from './writing.ts';
import { nothingWritten } from './written.ts';

const NUMBERS: ArmNumbers = { texts: measureTexts([[1]]), overlaps: null, heldOut: null, notes: [] };

/** Every job is done as soon as it begins. */
function quickEngine(): Engine {
  let message: (message: unknown) => void = () => {};
  let exit: (code: number | null, signal: string | null) => void = () => {};
  return {
    name: 'quick',
    send: ({ kind }) => {
      if (kind === 'start') queueMicrotask(() => message({ kind: 'done', result: NUMBERS }));
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
  const placed = { model: '/m', adapter: null, decoding: GREEDY, weights: 'float32' as const };
  const request = { prompts: ['the sea'], maxNewTokens: 1, seed: 1, training: undefined };
  const arms = [{ written: nothingWritten(1), place: async () => placed }];
  const writing = new Writing(request, arms, supervisor, () => ({ runtime: 'cpu', threads: 1 }));
  const states: string[] = [];
  await writing.write({
    onState: () => states.push(writing.state),
    onArm: () => {
      throw new Error('database or disk is full');
    },
    onOutcome: () => {},
  });
  expect(states.at(-1)).toBe('failed');
  expect(writing).toMatchObject({ outcome: 'failed', error: { code: 'internal' } });
  await supervisor.close();
});
