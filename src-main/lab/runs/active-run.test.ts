import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Connection, openDatabase } from '../../store/database.ts';
import { RunStore } from '../../store/run-store.ts';
import { ActiveRun, STEPS_TOGETHER } from './active-run.ts';

const STEPS = 10_000;
let database: Connection;
let store: RunStore;
let run: number;

beforeEach(() => {
  vi.useFakeTimers();
  database = openDatabase(':memory:');
  store = new RunStore(database);
  run = store.add({
    ...{ folder: '/runs/a', name: 'A', modelFolder: '/m', dataFile: '/t', request: {} },
    created: '2026-11-24T10:00:00.000Z',
  });
});
afterEach(() => {
  vi.useRealTimers();
  database.close();
});

function hearSteps(active: ActiveRun, count: number): void {
  for (let step = 1; step <= count; step++) {
    const record = { step, epoch: 1, loss: 1 / step, tokenAccuracy: 0.5, learningRate: 1e-3 };
    active.hear({ kind: 'step', record, totalSteps: STEPS, seconds: 1e-4 });
  }
}

const epoch = {
  ...{ epoch: 1, step: STEPS, trainLoss: 1, tokenAccuracy: 0.5, validationLoss: null },
  ...{ entropy: null, ttr: null, rep2: null, samples: [] },
};

it('writes ten thousand steps a second in groups that leave the event loop its turns', () => {
  const changed = vi.fn();
  const active = new ActiveRun(run, 1, store, changed);
  active.begin('pid 1');
  const groups: number[] = [];
  const { numbers } = store;
  const record = numbers.record.bind(numbers);
  vi.spyOn(numbers, 'record').mockImplementation((id, steps, epochs) => {
    groups.push(steps.length);
    record(id, steps, epochs);
  });
  hearSteps(active, STEPS);
  active.hear({ kind: 'epoch', record: epoch, seconds: 1 });
  expect(groups).toEqual([]);
  vi.runAllTimers();
  // Each group is a transaction, and a turn of its own.
  expect(groups).toEqual(Array.from({ length: STEPS / STEPS_TOGETHER }, () => STEPS_TOGETHER));
  expect(changed).toHaveBeenCalledTimes(1 + groups.length);
  expect(store.numbers.progress(run)).toMatchObject({ steps: STEPS, lastEpoch: 1 });
});

it('never has an epoch in the store before all of its steps', () => {
  const active = new ActiveRun(run, 1, store, () => {
    const { steps, lastEpoch } = store.numbers.progress(run);
    if (lastEpoch === 1) expect(steps).toBe(STEPS);
  });
  active.begin('pid 1');
  hearSteps(active, STEPS);
  active.hear({ kind: 'epoch', record: epoch, seconds: 1 });
  vi.runAllTimers();
  expect(store.numbers.progress(run).lastEpoch).toBe(1);
});

it('writes all that was told when it ends, and why it stopped', () => {
  const active = new ActiveRun(run, 1, store, () => {});
  active.begin('pid 1');
  hearSteps(active, STEPS);
  active.hear({ kind: 'stopped', reason: 'Enough.' });
  active.end('finished');
  expect(store.numbers.progress(run).steps).toBe(STEPS);
  expect(store.attempts(run)).toMatchObject([{ outcome: 'finished', stopped: 'Enough.' }]);
});

it('keeps what it was told while the store cannot be written to, and writes it when it can', () => {
  const active = new ActiveRun(run, 1, store, () => {});
  active.begin('pid 1');
  const record = vi.spyOn(store.numbers, 'record').mockImplementation(() => {
    throw new Error('database is locked');
  });
  hearSteps(active, 3);
  active.hear({ kind: 'epoch', record: epoch, seconds: 1 });
  vi.advanceTimersByTime(1_000);
  expect(store.numbers.progress(run).steps).toBe(0);
  record.mockRestore();
  vi.advanceTimersByTime(10_000);
  expect(store.numbers.steps(run).step).toEqual([1, 2, 3]);
  expect(store.numbers.progress(run).lastEpoch).toBe(1);
});
