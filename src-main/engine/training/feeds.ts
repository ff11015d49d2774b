/**
 * How the windows of a run come to its trainer: as tokens where the first block learns, else as hidden states of the frozen
 * prefix, from a cache in the run's folder or computed anew each time.
 */
import type { Architecture } from '../architectures/architecture.ts';
import type { Weights } from '../model/weights.ts';
import { FrozenPrefix } from './frozen-prefix.ts';
import { deletePrefixCache, openPrefixCache } from './prefix-cache.ts';
import type { RunFolder } from './run-folder.ts';
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
  readonly signal?: AbortSignal | undefined;
  /** Called with the share of the training windows that went through the frozen prefix, 0 to 1. */
  readonly onProgress: (share: number) => void;
}

export async function openFeeds(options: FeedsOptions): Promise<Feeds> {
  const { architecture, weights, train, heldOut, firstBlock, shape, folder, signal, onProgress } = options;
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
      train: await open(train, trainCache(folder), onProgress),
      heldOut: await open(heldOut, heldOutCache(folder)),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }

  async function open(
    windows: Windows,
    path: string,
    onShare?: (share: number) => void,
  ): Promise<WindowFeed> {
    const feed = await choose(windows, path, onShare);
    opened.push(feed);
    return feed;
  }

  function choose(windows: Windows, path: string, onShare: ((share: number) => void) | undefined) {
    if (prefix === undefined || windows.length === 0) return feedTokens(runtime, windows);
    if (!recipe.prefixCache) return feedPrefix(prefix, windows);
    const onProgress = onShare && { onProgress: onShare };
    return openPrefixCache({ prefix, windows, runtime, path, fingerprint, signal, ...onProgress });
  }
}

/** When the run is over. */
export async function deleteCaches(folder: RunFolder): Promise<void> {
  await deletePrefixCache(trainCache(folder));
  await deletePrefixCache(heldOutCache(folder));
}

const trainCache = (folder: RunFolder) => folder.file('prefix-train.cache');
const heldOutCache = (folder: RunFolder) => folder.file('prefix-held-out.cache');
