import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Followed } from '../../../src-preload/contract/endpoints/runs.ts';
import { type Connection, openDatabase } from '../../store/database.ts';
import { RunStore } from '../../store/run-store.ts';
import { Changes } from '../changes.ts';
import { followNumbers, STEPS_OF_PACKET } from './follow-numbers.ts';

let folder: string;
let database: Connection;
let store: RunStore;
let run: number;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'follow-'));
  database = openDatabase(path.join(folder, 'lab.sqlite'));
  store = new RunStore(database);
  const names = { folder: '/run', name: 'Run', modelFolder: '/model', dataFile: '/text' };
  run = store.add({ ...names, request: {}, created: '2026-01-01T00:00:00.000Z' });
});
afterEach(async () => {
  database.close();
  await rm(folder, { recursive: true });
});

function record(from: number, to: number): void {
  const steps = Array.from({ length: to - from + 1 }, (_, place) => ({
    ...{ step: from + place, epoch: 1, loss: 1, tokenAccuracy: 0.5, learningRate: 1e-3 },
  }));
  store.numbers.record(run, steps, []);
}

/** Packets until one says that it holds the newest. */
async function untilAll(followed: AsyncGenerator<Followed>): Promise<Followed[]> {
  const packets: Followed[] = [];
  do {
    const { value, done } = await followed.next();
    if (done) throw new Error('It has ended.');
    packets.push(value);
  } while (!packets.at(-1)?.isAll);
  return packets;
}

describe('following the numbers of a run', () => {
  it.each([0, 1, STEPS_OF_PACKET, 2 * STEPS_OF_PACKET + 5])(
    'tells all of %i steps and that these are all, then what comes',
    async (count) => {
      record(1, count);
      const changes = new Changes();
      const controller = new AbortController();
      const start = { step: 0, epoch: -1 };
      const followed = followNumbers(store.numbers, run, start, changes, controller.signal);
      const steps = (await untilAll(followed)).flatMap((packet) => packet.steps.step);
      expect(steps).toEqual(Array.from({ length: count }, (_, place) => place + 1));
      const next = untilAll(followed);
      record(count + 1, count + 2);
      changes.tell();
      expect((await next).map((packet) => packet.steps.step)).toEqual([[count + 1, count + 2]]);
      controller.abort();
      expect((await followed.next()).done).toBe(true);
    },
  );

  it('tells who comes back to a run without anything new that it knows all', async () => {
    record(1, 3);
    const { signal } = new AbortController();
    const followed = followNumbers(store.numbers, run, { step: 3, epoch: -1 }, new Changes(), signal);
    expect((await untilAll(followed)).map((packet) => packet.steps.step)).toEqual([[]]);
  });
});
