/**
 * The frozen-prefix cache: hyperfitting goes through the same windows again and again, and blocks that do not learn
 * give the same hidden states every time. So they run once, block after block over all windows, while the next block is
 * read; the states go through a file (states-queue.ts) that is then read by training.
 *
 * What was killed on the way goes on where it was. One that was made of the same windows by fewer of the same blocks is
 * gone on with too, so runs in which learning begins at ever later blocks can share one file.
 */
import { createHash } from 'node:crypto';
import type { Runtime } from '../runtimes/runtime.ts';
import type { FrozenPrefix } from './frozen-prefix.ts';
import type { Recipe } from './recipe.ts';
import { queueBytes, StatesQueue, type StatesShape } from './states-queue.ts';
import type { BatchShape } from './training-graph.ts';
import { joinWindows, type WindowFeed, type Windows } from './window-feed.ts';

export interface PrefixCacheOptions {
  readonly prefix: FrozenPrefix;
  readonly windows: Windows;
  readonly runtime: Runtime;
  /** The file; its journal is `${path}.json`. */
  readonly path: string;
  /** Identifies the model's files. */
  readonly fingerprint: string;
  readonly precision: Recipe['cachePrecision'];
  readonly signal?: AbortSignal | undefined;
  /** Called with the share done of what there was to do, 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/** A block is read ahead where it would not take more than this share of the memory that is free. */
const READ_AHEAD_SHARE = 1 / 4;

/** Bytes on disk of a cache of so many windows. */
export function prefixCacheBytes(
  windows: number,
  shape: BatchShape,
  width: number,
  precision: Recipe['cachePrecision'],
): number {
  return windows === 0 ? 0 : queueBytes(statesShape(windows, shape, width, precision));
}

/** Opens the cache, making it first as far as it is not there, and feeds training from it. */
export async function openPrefixCache(options: PrefixCacheOptions): Promise<WindowFeed> {
  const { prefix, windows, runtime, path, precision } = options;
  const shape = statesShape(windows.length, prefix.shape, prefix.width, precision);
  // Through the embedding and each block.
  const puts = (prefix.blocks.length + 1) * shape.batches;
  const queue = await StatesQueue.open(path, cacheKey(options), shape, puts);
  try {
    await fill(options, queue, shape.batches, puts);
  } catch (error) {
    await queue.close();
    throw error;
  }
  const { batch, length } = prefix.shape;
  const windowNumbers = length * prefix.width;
  return {
    batch: async (places) => {
      const hidden = await runtime.load([places.length * length, prefix.width], async (states) => {
        for (const [index, place] of places.entries()) {
          const window = states.subarray(index * windowNumbers, (index + 1) * windowNumbers);
          await queue.read(Math.floor(place / batch), (place % batch) * windowNumbers, window);
        }
      });
      return { hidden };
    },
    close: () => queue.close(),
  };
}

function statesShape(
  windows: number,
  { batch, length }: BatchShape,
  width: number,
  precision: Recipe['cachePrecision'],
): StatesShape {
  return { batches: Math.ceil(windows / batch), numbers: batch * length * width, precision };
}

/** Puts batches into the queue until there are so many. What is done stays when it is stopped on the way. */
async function fill(
  { prefix, windows, runtime, signal, onProgress }: PrefixCacheOptions,
  queue: StatesQueue,
  batches: number,
  puts: number,
): Promise<void> {
  const { batch, length } = prefix.shape;
  const first = queue.put;
  let ahead: Promise<unknown> = Promise.resolve();
  try {
    while (queue.put < puts) {
      signal?.throwIfAborted();
      const [stage, index] = [Math.floor(queue.put / batches), queue.put % batches];
      const block = stage === 0 ? undefined : prefix.blocks[stage - 1]!;
      const result = block === undefined ? await prefix.embed(tokens(index)) : await runBlock(block);
      // Not before this block is whole: a disk reads fastest one thing after the other.
      if (index === 0 || queue.put === first) ahead = readAhead(stage);
      await queue.push((await result.read()) as Float32Array);
      result.release();
      if (queue.put % batches === 0) await block?.unload();
      onProgress?.((queue.put - first) / (puts - first));
    }
  } catch (error) {
    // What is stopped by hand loses nothing. Where it is the disk that failed, the first reason counts.
    await queue.sync().catch(() => {});
    throw error;
  } finally {
    await ahead;
    for (const block of prefix.blocks) await block.unload();
  }
  await queue.sync();

  /** The last batch repeats the last window to be full. */
  function tokens(index: number): Int32Array {
    const places = Array.from({ length: batch }, (_, place) =>
      Math.min(index * batch + place, windows.length - 1),
    );
    return joinWindows(windows, places);
  }

  async function runBlock(block: FrozenPrefix['blocks'][number]) {
    const hidden = await runtime.load([batch * length, prefix.width], (states) => queue.read(0, 0, states));
    try {
      return await block.run(hidden);
    } finally {
      hidden.release();
    }
  }

  /** The block after this stage's, while this one computes: never more than two are in memory. */
  async function readAhead(stage: number): Promise<void> {
    const next = prefix.blocks[stage];
    if (next === undefined || next.bytes > process.availableMemory() * READ_AHEAD_SHARE) return;
    // Where it fails, `run` tries again and says why.
    await next.load().catch(() => {});
  }
}

function cacheKey({ prefix, windows, runtime, fingerprint, precision }: PrefixCacheOptions): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([fingerprint, prefix.shape, prefix.width, runtime.name, precision]));
  for (const window of windows) hash.update(window);
  return hash.digest('hex');
}
