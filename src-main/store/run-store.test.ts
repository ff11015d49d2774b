import { beforeEach, describe, expect, it } from 'vitest';
import type { EpochRecord, StepRecord } from '../engine/training/records.ts';
import { type Connection, openDatabase } from './database.ts';
import { RunStore } from './run-store.ts';

let database: Connection;
let runs: RunStore;
beforeEach(() => {
  database = openDatabase(':memory:');
  runs = new RunStore(database);
});

const added = (folder = '/runs/a') =>
  runs.add({
    folder,
    name: 'Sea stories',
    modelFolder: '/models/tiny',
    dataFile: '/texts/sea.txt',
    request: { epochs: 3 },
    created: '2026-11-24T00:00:00.000Z',
  });
const step = (number: number, loss = 1 / number): StepRecord => ({
  step: number,
  epoch: Math.ceil(number / 2),
  loss,
  tokenAccuracy: 0.5,
  learningRate: 1e-3,
});
const epoch = (number: number): EpochRecord => ({
  epoch: number,
  step: number * 2,
  trainLoss: 1,
  tokenAccuracy: 0.5,
  validationLoss: null,
  entropy: 2,
  ttr: 0.5,
  rep2: 0.1,
  samples: [
    { prompt: 'Once', text: ' upon <b>a</b> \u202e time' },
    { prompt: 'The', text: ' sea' },
  ],
});

describe('stored runs', () => {
  it('come back as they were asked for, newest first', () => {
    const [first, second] = [added('/runs/a'), added('/runs/b')];
    expect(runs.list().map(({ id }) => id)).toEqual([second, first]);
    expect(runs.find(first)).toMatchObject({ folder: '/runs/a', request: { epochs: 3 }, notes: '' });
    expect(runs.find(99)).toBeUndefined();
    expect(() => added('/runs/a')).toThrow(/UNIQUE/);
  });

  it('give back their numbers and samples, after any point', () => {
    const run = added();
    runs.numbers.record(run, [step(1), step(2), step(3)], [epoch(0), epoch(1)]);
    expect(runs.numbers.steps(run, 1)).toEqual({
      step: [2, 3],
      loss: [1 / 2, 1 / 3],
      tokenAccuracy: [0.5, 0.5],
    });
    expect(runs.numbers.steps(run, 0, 1).step).toEqual([1]);
    expect(runs.numbers.epochs(run)).toEqual([epoch(0), epoch(1)]);
    expect(runs.numbers.epochs(run, 0)).toEqual([epoch(1)]);
  });

  it('take the same numbers again, and forget those after a checkpoint', () => {
    const run = added();
    runs.numbers.record(run, [step(1), step(2), step(3)], [epoch(0), epoch(1)]);
    runs.numbers.rewind(run, 2, 0);
    expect(runs.numbers.steps(run).step).toHaveLength(2);
    expect(database.prepare('SELECT count(*) FROM samples').pluck().get()).toBe(2);
    runs.numbers.record(run, [step(2), step(3, 7)], [epoch(1)]);
    expect(runs.numbers.steps(run).loss).toEqual([1, 0.5, 7]);
  });

  it('know who worked on them, and how that ended', () => {
    const run = added();
    const whole = runs.beginAttempt(run, 'pid 1');
    runs.endAttempt(whole, 'paused');
    runs.endAttempt(whole, 'failed');
    const cutOff = runs.beginAttempt(run, 'pid 2');
    runs.setPeakMemory(cutOff, 7);
    expect(runs.attempts(run).at(-1)).toMatchObject({ ended: null, outcome: null });
    runs.endAttempt(cutOff, 'interrupted', { code: 'interrupted' });
    runs.endAttempt(runs.beginAttempt(run, 'pid 3'), 'finished', undefined, 'Enough.');
    expect(runs.attempts(run)).toMatchObject([
      { process: 'pid 1', outcome: 'paused', error: null, stopped: null },
      { process: 'pid 2', outcome: 'interrupted', error: { code: 'interrupted' }, peakMemoryBytes: 7 },
      { process: 'pid 3', outcome: 'finished', stopped: 'Enough.' },
    ]);
  });

  it('list the checkpoints that stay, and one to go on from', () => {
    const run = added();
    const checkpoint = (number: number, kept: boolean) => ({
      ...{ step: number, epoch: 1, kept, bytes: 3, sha256: { model: 'abc' } },
      folder: `${kept ? 'kept' : 'checkpoints'}/${number}`,
    });
    for (const [number, kept] of [
      [1, false],
      [1, true],
      [2, false],
      [3, true],
    ] as const)
      runs.checkpoints.add(run, checkpoint(number, kept));
    expect(runs.checkpoints.list(run)).toEqual([
      checkpoint(1, true),
      checkpoint(3, true),
      checkpoint(2, false),
    ]);
    runs.checkpoints.replace(run, [checkpoint(4, false)]);
    expect(runs.checkpoints.list(run)).toEqual([checkpoint(4, false)]);
  });

  it('go with all that belongs to them', () => {
    const run = added();
    runs.beginAttempt(run, 'pid 1');
    runs.numbers.record(run, [step(1)], [epoch(0)]);
    runs.remove(run);
    for (const table of ['attempts', 'steps', 'epochs', 'samples'])
      expect(database.prepare(`SELECT count(*) FROM ${table}`).pluck().get()).toBe(0);
  });
});
