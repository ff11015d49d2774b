/**
 * Caches of keys and values stay outside onnxruntime: its binding for Node copies every output, even one that has taken over
 * an input's memory, and a cache is larger than all else of a step. So a session yields the new tokens alone, and they are
 * written into the cache here; attention takes both as they are (lowering/attention.ts).
 */
import ort from 'onnxruntime-node';
import { buildGraph, type Graph } from '../../graph/graph.ts';
import { factorize } from '../../graph/open-sizes.ts';
import { withAxis } from '../../graph/value.ts';
import type { CpuTensor } from './cpu-tensor.ts';

/** Names of inputs: what is written into, and where each text goes on. */
export interface CacheWrite {
  readonly cache: string;
  readonly starts: string;
  /** Whether the session takes a cache of any capacity. */
  readonly isOpen: boolean;
}

/** The graph with new tokens in place of each cache that would take over an input's memory; and what is to be written, by output. */
export function separateCacheWrites(graph: Graph): {
  readonly graph: Graph;
  readonly writes: ReadonlyMap<string, CacheWrite>;
} {
  const writes = new Map<string, CacheWrite>();
  const outputs = new Map(graph.outputs);
  const sharing = new Map(graph.sharing);
  for (const [name, { operation, inputs }] of graph.outputs) {
    if (operation.kind !== 'writeTokens') continue;
    const [cache, starts] = [inputs[0]!.operation, inputs[2]!.operation];
    if (cache.kind !== 'input' || starts.kind !== 'input' || sharing.get(name) !== cache.name) continue;
    const isOpen = factorize(inputs[0]!.shape[2]!, graph.open).names.length > 0;
    writes.set(name, { cache: cache.name, starts: starts.name, isOpen });
    outputs.set(name, inputs[1]!);
    sharing.delete(name);
  }
  return { graph: { ...buildGraph(outputs), sharing, open: graph.open }, writes };
}

/** Of a cache [batch, heads, capacity, w]: what a session is given where no text has begun, as nothing of it would be seen. */
export function emptied({ shape }: CpuTensor): ort.Tensor {
  return new ort.Tensor('float32', new Float32Array(), withAxis(shape, 2, 0));
}

/** @param fresh [batch, heads, tokens, w], for the places of each text from its start on */
export function writeFresh(cache: CpuTensor, fresh: CpuTensor, starts: CpuTensor): void {
  const [batch, heads, tokens, width] = fresh.shape as [number, number, number, number];
  const capacity = cache.shape[2]!;
  for (let row = 0; row < batch * heads; row++) {
    const start = starts.data[Math.floor(row / heads)]!;
    const from = row * tokens * width;
    const count = Math.min(tokens, capacity - start) * width;
    cache.data.set(fresh.data.subarray(from, from + count), (row * capacity + start) * width);
  }
}
