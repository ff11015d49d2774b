import { mkdtemp, open, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Random } from '../random.ts';
import { deleteQueue, queueBytes, StatesQueue, type StatesShape } from './states-queue.ts';

const NUMBERS = 8;
const BATCHES = 12;
const STAGES = 5;
const PUTS = STAGES * BATCHES;

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'states-'));
  file = path.join(folder, 'states');
});
afterEach(() => rm(folder, { recursive: true }));

const shape = (changes: Partial<StatesShape> = {}): StatesShape => ({
  ...{ batches: BATCHES, numbers: NUMBERS, precision: 'float32', spareBytes: 0 },
  ...changes,
});

/** Stands for a block: what it gives depends on what it was given, and on which block it is. */
async function put(queue: StatesQueue): Promise<void> {
  const [stage, batch] = [Math.floor(queue.put / BATCHES), queue.put % BATCHES];
  const states = new Float32Array(NUMBERS);
  if (stage === 0) states.fill(batch);
  else await queue.read(0, 0, states);
  await queue.push(states.map((number, index) => 2 * number + stage + index / 8));
}

const batchBytesOf = ({ precision }: StatesShape) => NUMBERS * (precision === 'float32' ? 4 : 2);
const spareOf = (asked: StatesShape) => queueBytes(asked) / batchBytesOf(asked) - BATCHES;

async function allStates(queue: StatesQueue): Promise<number[][]> {
  const all: number[][] = [];
  for (let batch = 0; batch < BATCHES; batch++) {
    const states = new Float32Array(NUMBERS);
    await queue.read(batch, 0, states);
    all.push([...states]);
  }
  return all;
}

async function uninterrupted(asked: StatesShape): Promise<Buffer> {
  const place = path.join(folder, 'whole');
  const queue = await StatesQueue.open(place, 'key', asked, PUTS);
  while (queue.put < PUTS) await put(queue);
  await queue.sync();
  await queue.close();
  return readFile(place);
}

describe('a queue of hidden states', () => {
  it('gives each batch of a stage to the next one, and at last those of the last', async () => {
    const queue = await StatesQueue.open(file, 'key', shape(), PUTS);
    while (queue.put < PUTS) await put(queue);
    const expected = Array.from({ length: BATCHES }, (_, batch) =>
      Array.from({ length: NUMBERS }, (_, index) => {
        let number = 2 * batch + index / 8;
        for (let stage = 1; stage < STAGES; stage++) number = 2 * number + stage + index / 8;
        return number;
      }),
    );
    expect(await allStates(queue)).toEqual(expected);
    const part = new Float32Array(2);
    await queue.read(3, 5, part);
    expect([...part]).toEqual(expected[3]!.slice(5, 7));
    expect((await readFile(file)).length).toBe(queueBytes(shape()));
    // An eighth of twelve batches, in whole ones, is to spare.
    expect(queueBytes(shape())).toBe((BATCHES + 2) * NUMBERS * 4);
    await queue.close();
  });

  // 64 bytes are two batches in float32 and four in float16; the last has room for all batches twice.
  it.each([[0], [64], [160], [1 << 20]])(
    'goes on after kills at any place to the same bytes (%i bytes to spare)',
    async (spareBytes) => {
      const random = new Random(spareBytes);
      for (const precision of ['float32', 'float16'] as const) {
        const asked = shape({ precision, spareBytes });
        const whole = await uninterrupted(asked);
        for (let round = 0; round < 5; round++) {
          let lost = 0;
          for (let queue = await StatesQueue.open(file, 'key', asked, PUTS); ; ) {
            const until = Math.min(PUTS, queue.put + 1 + random.below(BATCHES));
            const journalled = queue.put;
            while (queue.put < until) await put(queue);
            if (until === PUTS) await queue.sync();
            await queue.close();
            if (until === PUTS) break;
            await tear(asked, random);
            queue = await StatesQueue.open(file, 'key', asked, PUTS);
            expect(queue.put).toBeGreaterThanOrEqual(journalled);
            lost = Math.max(lost, until - queue.put);
          }
          expect(lost).toBeLessThan(spareOf(asked));
          expect(await readFile(file)).toEqual(whole);
          await deleteQueue(file);
        }
      }
    },
  );

  it('begins anew for another key, where it has gone too far, and where the file is not whole', async () => {
    const made = await StatesQueue.open(file, 'key', shape(), PUTS);
    for (let count = 0; count < 2 * BATCHES; count++) await put(made);
    await made.sync();
    await made.close();
    const reopened = async (key: string, most: number) => {
      const queue = await StatesQueue.open(file, key, shape(), most);
      await queue.close();
      return queue.put;
    };
    expect(await reopened('key', PUTS)).toBe(2 * BATCHES);
    expect(await reopened('key', 2 * BATCHES)).toBe(2 * BATCHES);
    const bytes = await open(file, 'r+');
    await bytes.truncate(100);
    await bytes.close();
    expect(await reopened('key', PUTS)).toBe(0);
    for (const [key, most] of [
      ['other', PUTS],
      ['key', 2 * BATCHES - 1],
    ] as const) {
      const queue = await StatesQueue.open(file, 'key', shape(), PUTS);
      while (queue.put < 2 * BATCHES) await put(queue);
      await queue.sync();
      await queue.close();
      expect(await reopened(key, most)).toBe(0);
      // Nor is what was there before taken for whole afterwards.
      expect(await reopened('key', PUTS)).toBe(0);
    }
  });

  it('says so where it is cut short while it is read, and leaves nothing when it is deleted', async () => {
    const queue = await StatesQueue.open(file, 'key', shape(), PUTS);
    while (queue.put < BATCHES) await put(queue);
    const handle = await open(file, 'r+');
    await handle.truncate(40);
    await handle.close();
    await expect(queue.read(1, 3, new Float32Array(5))).rejects.toMatchObject({ code: 'runtime-failed' });
    await queue.close();
    await deleteQueue(file);
    expect(await readdir(folder)).toEqual([]);
  });

  /** What a kill may leave where the journal promises nothing: anything, in the places that it allows to be written over. */
  async function tear(asked: StatesShape, random: Random): Promise<void> {
    const { put: journalled } = JSON.parse(await readFile(`${file}.json`, 'utf8'));
    const batchBytes = batchBytesOf(asked);
    const places = queueBytes(asked) / batchBytes;
    const handle = await open(file, 'r+');
    for (let next = journalled; next < journalled + spareOf(asked); next++) {
      const garbage = Uint8Array.from({ length: random.below(batchBytes + 1) }, () => random.below(256));
      await handle.write(garbage, 0, garbage.length, (next % places) * batchBytes);
    }
    await handle.close();
  }
});
