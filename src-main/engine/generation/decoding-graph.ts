/**
 * The graph of one decoding step: new tokens of every text of a batch go through all blocks; their keys and values are
 * written into the cache, whose memory the results take over; attention sees the cache. The same graph with more tokens
 * reads the prompts. A text's tokens see what stands before them in the text, so texts of different lengths share a batch.
 * A model may be divided: then the first graph gives hidden states, with which the second goes on.
 */
import type { Architecture } from '../architectures/architecture.ts';
import { type AdapterPlan, type AttentionContext, ModelBuilder } from '../architectures/builder.ts';
import { capped } from '../graph/attention.ts';
import { cachedAttention, writeTokens } from '../graph/cache-ops.ts';
import { buildGraph, type Graph } from '../graph/graph.ts';
import { gatherRows, input, matmul } from '../graph/ops.ts';
import type { Value } from '../graph/value.ts';

export interface DecodingShape {
  /** Texts. */
  readonly batch: number;
  /** New tokens per text. */
  readonly tokens: number;
  /** Tokens of each text that the cache holds. */
  readonly capacity: number;
  /** Tokens after which the logits are asked for, of all texts together. */
  readonly looks: number;
}

/** Consecutive blocks, 0-based; those from 0 on come with the embedding, those up to the last with the head. */
export interface BlockRange {
  readonly from: number;
  /** The first that is not in it. */
  readonly to: number;
}

export interface DecodingGraph {
  readonly graph: Graph;
  /** Cache tensors [batch, keyValueHeads, capacity, headWidth], outputs that take over the inputs `cacheInput` names. */
  readonly cache: readonly string[];
}

/**
 * Inputs besides parameters and cache: tokens int32 [batch · tokens]; positions int32 [batch, tokens]; starts int32 [batch],
 * how many tokens of each text the cache holds already, zero where there are several new ones; looks int32 [looks], flat
 * places among the new tokens; and with an adapter its scale [].
 * Outputs besides the cache: logits [looks, vocabulary] after these tokens.
 * Between blocks that are in different graphs, hidden [batch · tokens, width] is the output of one and, in place of
 * tokens, the input of the other.
 *
 * @param positionCount positions that may occur
 * @param open those of the sizes that are known only when the graph runs
 */
export function decodingGraph(
  architecture: Architecture,
  { from, to }: BlockRange,
  adapter: Omit<AdapterPlan, 'scale'> | undefined,
  shape: DecodingShape,
  positionCount: number,
  open: Readonly<Record<string, number>> = {},
): DecodingGraph {
  const { geometry } = architecture;
  const { batch, tokens, looks } = shape;
  const context = new CachedAttention(shape, positionCount, geometry.keyValueHeads);
  const builder = new ModelBuilder(context, adapter && { ...adapter, scale: input(ADAPTER_SCALE, []) });
  let hidden =
    from === 0
      ? architecture.embed(builder, input('tokens', [batch * tokens], 'int32'))
      : input('hidden', [batch * tokens, geometry.width]);
  for (let block = from; block < to; block++) {
    hidden = architecture.block(builder.within(architecture.blockPath(block)), block, hidden);
  }
  const outputs = new Map(context.updated);
  if (to < geometry.blocks) outputs.set('hidden', hidden);
  else {
    const head = architecture.head(builder, gatherRows(hidden, input('looks', [looks], 'int32')));
    outputs.set('logits', capped(matmul(head.hidden, head.weight, { transposeB: true }), head.softCap));
  }
  const cache = [...context.updated.keys()];
  const sharing = Object.fromEntries(cache.map((name) => [name, cacheInput(name)]));
  return { graph: buildGraph(outputs, sharing, open), cache };
}

export const ADAPTER_SCALE = 'adapter scale';

/** Name of the input that holds what the output of this name replaces. */
export function cacheInput(outputName: string): string {
  return `old ${outputName}`;
}

class CachedAttention implements AttentionContext {
  readonly batch: number;
  readonly tokens: number;
  readonly positions: Value;
  readonly positionCount: number;
  readonly updated = new Map<string, Value>();
  readonly #cache: readonly number[];
  readonly #starts: Value;

  constructor({ batch, tokens, capacity }: DecodingShape, positionCount: number, keyValueHeads: number) {
    this.batch = batch;
    this.tokens = tokens;
    this.positions = input('positions', [batch, tokens], 'int32');
    this.positionCount = positionCount;
    this.#cache = [batch, keyValueHeads, capacity];
    this.#starts = input('starts', [batch], 'int32');
  }

  attend: AttentionContext['attend'] = (path, query, key, value, settings) => {
    const keys = this.#remember(`key ${path}`, key);
    const values = this.#remember(`value ${path}`, value);
    return cachedAttention(query, keys, values, this.#starts, settings);
  };

  /** Writes new keys or values [batch, keyValueHeads, tokens, w] and returns all, [batch, keyValueHeads, capacity, w]. */
  #remember(name: string, fresh: Value): Value {
    const old = input(cacheInput(name), [...this.#cache, fresh.shape[3]!]);
    const all = writeTokens(old, fresh, this.#starts);
    this.updated.set(name, all);
    return all;
  }
}
