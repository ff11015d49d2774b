/**
 * The frozen-prefix cache: hyperfitting goes through the same windows again and again, and blocks that do not learn
 * give the same hidden states every time. So they run once, block after block over all windows, with only one block's
 * weights in memory; the states lie in one file that is rewritten in place by each block and then read by training.
 *
 * Beside the file, NAME.json tells for what it was made, and is written when it is complete: a cache that a crash left
 * unfinished, or that was made for something else, is made anew. One that was made of the same windows by fewer of the same
 * blocks is gone on with, so runs in which learning begins at ever later blocks can share one file.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, open, readFile, rm } from 'node:fs/promises';
import { z } from 'zod';
import { LabError } from '../errors.ts';
import { diskErrors, writeFileDurably } from '../formats/durable-files.ts';
import type { Runtime } from '../runtimes/runtime.ts';
import type { FrozenPrefix } from './frozen-prefix.ts';
import { joinWindows, type WindowFeed, type Windows } from './window-feed.ts';

const labelSchema = z.object({ key: z.string() });

export interface PrefixCacheOptions {
  readonly prefix: FrozenPrefix;
  readonly windows: Windows;
  readonly runtime: Runtime;
  /** The file; its label is `${path}.json`. */
  readonly path: string;
  /** Identifies the model's files. */
  readonly fingerprint: string;
  readonly signal?: AbortSignal | undefined;
  /** Called with the share done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/** Bytes on disk of a cache of so many windows. */
export function prefixCacheBytes(windows: number, length: number, width: number): number {
  return windows * length * width * Float32Array.BYTES_PER_ELEMENT;
}

/** Opens the cache, making it first if it is not there, and feeds training from it. */
export async function openPrefixCache(options: PrefixCacheOptions): Promise<WindowFeed> {
  const { prefix, runtime, path } = options;
  const keys = prefix.stages.map((_, stage) => cacheKey(options, stage + 1));
  const stagesDone = keys.indexOf((await readLabel(path)) ?? '') + 1;
  if (stagesDone < keys.length) {
    // The label goes first: states that are half way to the next block are of no use.
    await rm(`${path}.json`, { force: true });
    await fill(options, stagesDone);
    await writeFileDurably(`${path}.json`, JSON.stringify({ key: keys.at(-1) }));
  }
  const file = await open(path, 'r');
  const { length } = prefix.shape;
  const windowNumbers = length * prefix.width;
  return {
    batch: async (places) => {
      const states = new Float32Array(places.length * windowNumbers);
      for (const [index, place] of places.entries()) {
        const part = states.subarray(index * windowNumbers, (index + 1) * windowNumbers);
        await readNumbers(file, part, place * windowNumbers);
      }
      return { hidden: runtime.upload(states, [places.length * length, prefix.width]) };
    },
    close: () => file.close(),
  };
}

export async function deletePrefixCache(path: string): Promise<void> {
  await rm(`${path}.json`, { force: true });
  await rm(path, { force: true });
}

/** @param stagesDone first stages of the prefix that the states in the file have passed */
async function fill(
  { prefix, windows, runtime, path, signal, onProgress }: PrefixCacheOptions,
  stagesDone: number,
): Promise<void> {
  const { batch, length } = prefix.shape;
  const windowNumbers = length * prefix.width;
  const batches = Math.ceil(windows.length / batch);
  const file = await open(path, stagesDone === 0 ? 'w+' : 'r+');
  const stages = prefix.stages.slice(stagesDone);
  try {
    for (const [stageIndex, stage] of stages.entries()) {
      for (let index = 0; index < batches; index++) {
        signal?.throwIfAborted();
        const places = Array.from({ length: batch }, (_, place) =>
          Math.min(index * batch + place, windows.length - 1),
        );
        const start = index * batch * windowNumbers;
        // The last batch repeats the last window to be full; only what is real is stored.
        const real = Math.min(batch, windows.length - index * batch) * windowNumbers;
        const isFirst = stagesDone + stageIndex === 0;
        const given = isFirst ? uploadTokens(places) : await uploadStates(start, real);
        const result = await stage.run(given);
        given.release();
        const states = (await result.read()) as Float32Array;
        await diskErrors(path, () => writeNumbers(file, states.subarray(0, real), start));
        result.release();
        onProgress?.((stageIndex * batches + index + 1) / (stages.length * batches));
      }
      await stage.unload();
    }
    await diskErrors(path, () => file.sync());
  } finally {
    await file.close();
  }

  function uploadTokens(places: readonly number[]) {
    const tokens = joinWindows(windows, places);
    return runtime.upload(tokens, [tokens.length]);
  }

  async function uploadStates(start: number, real: number) {
    const states = new Float32Array(batch * windowNumbers);
    await readNumbers(file, states.subarray(0, real), start);
    return runtime.upload(states, [batch * length, prefix.width]);
  }
}

/** Of the states after so many stages of the prefix. */
function cacheKey({ prefix, windows, runtime, fingerprint }: PrefixCacheOptions, stages: number): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([fingerprint, stages, prefix.shape, prefix.width, runtime.name]));
  for (const window of windows) hash.update(window);
  return hash.digest('hex');
}

async function readLabel(path: string): Promise<string | undefined> {
  try {
    return labelSchema.parse(JSON.parse(await readFile(`${path}.json`, 'utf8'))).key;
  } catch {
    // No label, or a broken one: the cache is made anew.
    return undefined;
  }
}

async function readNumbers(file: FileHandle, into: Float32Array, start: number): Promise<void> {
  const bytes = new Uint8Array(into.buffer, into.byteOffset, into.byteLength);
  const { bytesRead } = await file.read(bytes, 0, bytes.length, start * 4);
  if (bytesRead !== bytes.length) {
    throw new LabError(
      'runtime-failed',
      'The cache of the frozen blocks was cut short. Delete it and start again.',
    );
  }
}

async function writeNumbers(file: FileHandle, numbers: Float32Array, start: number): Promise<void> {
  await file.write(
    new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength),
    0,
    numbers.byteLength,
    start * 4,
  );
}
