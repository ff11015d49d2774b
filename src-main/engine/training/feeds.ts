/**
 * How the windows of a run come to its trainer: as tokens where the first block learns, else as hidden states of the frozen
 * prefix, from a cache on disk or computed anew each time.
 */
import path from 'node:path';
import type { Architecture } from '../architectures/architecture.ts';
import type { Weights } from '../model/weights.ts';
import { FrozenPrefix } from './frozen-prefix.ts';
import { openPrefixCache } from './prefix-cache.ts';
import type { RunFolder } from './run-folder.ts';
import { deleteQueue } from './states-queue.ts';
import type { BatchShape } from './training-graph.ts';
import { feedPrefix, feedTokens, type WindowFeed, type Windows } from './window-feed.ts';

export interface Feeds {
  readonly train: WindowFeed;
  readonly heldOut: WindowFeed;
  close(): Promise<void>;
}

export interface FeedsOptions {
  readonly architecture: Architecture;
  readonly weights: Weights;
  readonly train: Windows;
  readonly heldOut: Windows;
  /** The first that learns; those before it are the frozen prefix. */
  readonly firstBlock: number;
  readonly shape: BatchShape;
  readonly folder: RunFolder;
  /** Folder of the caches, which must be there; the run's own where it is not said. */
  readonly cacheFolder?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called with the share of the training windows that went through the frozen prefix, 0 to 1. */
  readonly onProgress: (share: number) => void;
}

export async function openFeeds(options: FeedsOptions): Promise<Feeds> {
  const { architecture, weights, train, heldOut, firstBlock, shape, folder, signal, onProgress } = options;
  const { cacheFolder = folder.path } = options;
  const { runtime } = weights;
  const { fingerprint, recipe } = folder.configuration;
  const prefix =
    firstBlock === 0 ? undefined : await FrozenPrefix.create(architecture, weights, firstBlock, shape);
  const opened: WindowFeed[] = [];
  const close = async () => {
    for (const feed of opened) await feed.close();
    await prefix?.release();
  };
  try {
    // One after the other: caches are filled with the same blocks, of which one is to be in memory at a time.
    return {
      train: await open(train, trainCache(cacheFolder), onProgress),
      heldOut: await open(heldOut, heldOutCache(cacheFolder)),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }

  async function open(
    windows: Windows,
    file: string,
    onShare?: (share: number) => void,
  ): Promise<WindowFeed> {
    const feed = await choose(windows, file, onShare);
    opened.push(feed);
    return feed;
  }

  function choose(windows: Windows, file: string, onShare: ((share: number) => void) | undefined) {
    if (prefix === undefined || windows.length === 0) return feedTokens(runtime, windows);
    if (!recipe.prefixCache) return feedPrefix(runtime, prefix, windows);
    return openPrefixCache({
      ...{ prefix, windows, runtime, path: file, fingerprint, signal },
      precision: recipe.cachePrecision,
      ...(onShare && { onProgress: onShare }),
    });
  }
}

/**
 * Caches are as large as a model, and of use as long as there is something to learn: a run that was stopped or killed goes on
 * with them. So whoever has written a run's result deletes them, and where that was cut off, whoever finds the result.
 */
export async function deleteCaches(folder: string): Promise<void> {
  await deleteQueue(trainCache(folder));
  await deleteQueue(heldOutCache(folder));
}

const trainCache = (folder: string) => path.join(folder, 'prefix-train.cache');
const heldOutCache = (folder: string) => path.join(folder, 'prefix-held-out.cache');
