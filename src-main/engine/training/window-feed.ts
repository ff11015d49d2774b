/**
 * Feeds token windows to training and evaluation: the inputs of a batch are its tokens where learning starts at the
 * first block, else the hidden states that the frozen prefix makes of them, computed now or read from the cache.
 */
import type { DeviceTensor, Runtime } from '../runtimes/runtime.ts';
import type { FrozenPrefix } from './frozen-prefix.ts';

export interface WindowFeed {
  /** Inputs "tokens" or "hidden" of a graph for the windows at these places; the caller releases them. */
  batch(places: readonly number[]): Promise<Record<string, DeviceTensor>>;
  close(): Promise<void>;
}

export type Windows = readonly Int32Array[];

/** The windows' tokens, one after the other. */
export function joinWindows(windows: Windows, places: readonly number[]): Int32Array {
  const length = windows[0]!.length;
  const joined = new Int32Array(places.length * length);
  for (const [index, place] of places.entries()) joined.set(windows[place]!, index * length);
  return joined;
}

/** Every token but the first of each window: what is to be predicted. */
export function targetsOf(windows: Windows, places: readonly number[]): Int32Array {
  const length = windows[0]!.length - 1;
  const targets = new Int32Array(places.length * length);
  for (const [index, place] of places.entries()) targets.set(windows[place]!.subarray(1), index * length);
  return targets;
}

export function feedTokens(runtime: Runtime, windows: Windows): WindowFeed {
  return {
    batch: async (places) => {
      const tokens = joinWindows(windows, places);
      return { tokens: runtime.upload(tokens, [tokens.length]) };
    },
    close: async () => {},
  };
}

/** Runs the frozen blocks for every batch anew. */
export function feedPrefix(runtime: Runtime, prefix: FrozenPrefix, windows: Windows): WindowFeed {
  return {
    batch: async (places) => {
      // The prefix runs full batches only: what it is filled up with is cut off again.
      const full = Array.from({ length: prefix.shape.batch }, (_, index) => places[index] ?? places.at(-1)!);
      const hidden = await prefix.run(joinWindows(windows, full));
      if (full.length === places.length) return { hidden };
      const rows = places.length * prefix.shape.length;
      const states = (await hidden.read()).slice(0, rows * prefix.width);
      const real = runtime.upload(states, [rows, prefix.width]);
      hidden.release();
      return { hidden: real };
    },
    close: async () => {},
  };
}
