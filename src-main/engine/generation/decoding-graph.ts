/**
 * The graph of one decoding step: new tokens of every text of a batch go through all blocks; their keys and values are
 * written into the cache, whose memory the results take over; attention sees the cache. The same graph with more tokens
 * reads the prompts. What a text's tokens may see is told by its mask, so texts of different lengths share a batch.
 */
import type { Architecture } from '../architectures/architecture.ts';
import { attendTo, capped } from '../architectures/attention.ts';
import { type AdapterPlan, type AttentionContext, ModelBuilder } from '../architectures/builder.ts';
import { buildGraph, type Graph } from '../graph/graph.ts';
import { gatherRows, input, matmul, reshape, writeRows } from '../graph/ops.ts';
import type { Shape, Value } from '../graph/value.ts';

export interface DecodingShape {
  /** Texts. */
  readonly batch: number;
  /** New tokens per text. */
  readonly tokens: number;
  /** Tokens of each text that the cache holds. */
  readonly capacity: number;
}

export interface DecodingGraph {
  readonly graph: Graph;
  /** Cache tensors, inputs and outputs alike: name → [batch · keyValueHeads · capacity, headWidth]. */
  readonly cache: ReadonlyMap<string, Shape>;
  /** Mask inputs: name → sliding window, or undefined for full attention. */
  readonly masks: ReadonlyMap<string, number | undefined>;
}

/**
 * Inputs besides parameters, cache and masks [batch, 1, 1, tokens, capacity]:
 * tokens int32 [batch · tokens]; positions int32 [batch, tokens]; rows int32 [batch · keyValueHeads · tokens], where in
 * the cache keys and values go; last int32 [batch], the flat place of each text's last new token.
 * Outputs besides the cache: logits [batch, vocabulary] after the last token.
 */
export function decodingGraph(
  architecture: Architecture,
  adapter: AdapterPlan | undefined,
  shape: DecodingShape,
): DecodingGraph {
  const { geometry } = architecture;
  const { batch, tokens } = shape;
  const context = new CachedAttention(shape, geometry.keyValueHeads);
  const builder = new ModelBuilder(context, adapter);
  let hidden = architecture.embed(builder, input('tokens', [batch * tokens], 'int32'));
  for (let block = 0; block < geometry.blocks; block++) {
    hidden = architecture.block(builder.within(architecture.blockPath(block)), block, hidden);
  }
  const head = architecture.head(builder, gatherRows(hidden, input('last', [batch], 'int32')));
  const logits = capped(matmul(head.hidden, head.weight, { transposeB: true }), head.softCap);
  const outputs = new Map([['logits', logits], ...context.updated]);
  const cacheNames = [...context.updated.keys()];
  return {
    graph: buildGraph(outputs, Object.fromEntries(cacheNames.map((name) => [name, cacheInput(name)]))),
    cache: new Map([...context.updated].map(([name, value]) => [name, value.shape])),
    masks: context.masks,
  };
}

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
  readonly masks = new Map<string, number | undefined>();
  readonly #keyValueHeads: number;
  readonly #rows: Value;
  readonly #maskInputs = new Map<string, Value>();

  constructor({ batch, tokens, capacity }: DecodingShape, keyValueHeads: number) {
    this.batch = batch;
    this.tokens = tokens;
    this.positions = input('positions', [batch, tokens], 'int32');
    this.positionCount = capacity;
    this.#keyValueHeads = keyValueHeads;
    this.#rows = input('rows', [batch * keyValueHeads * tokens], 'int32');
  }

  attend: AttentionContext['attend'] = (path, query, key, value, options) => {
    const keys = this.#remember(`key ${path}`, key);
    const values = this.#remember(`value ${path}`, value);
    return attendTo(keys, values, this.#mask(options.slidingWindow), query, options);
  };

  /** Writes new keys or values [batch, keyValueHeads, tokens, w] and returns all, [batch, keyValueHeads, capacity, w]. */
  #remember(name: string, fresh: Value): Value {
    const width = fresh.shape[3]!;
    const count = this.batch * this.#keyValueHeads;
    const old = input(cacheInput(name), [count * this.positionCount, width]);
    const all = writeRows(old, this.#rows, reshape(fresh, [count * this.tokens, width]));
    this.updated.set(name, all);
    return reshape(all, [this.batch, this.#keyValueHeads, this.positionCount, width]);
  }

  #mask(slidingWindow: number | undefined): Value {
    const name = `mask ${slidingWindow ?? 'all'}`;
    const known = this.#maskInputs.get(name);
    if (known) return known;
    const mask = input(name, [this.batch, 1, 1, this.tokens, this.positionCount]);
    this.#maskInputs.set(name, mask);
    this.masks.set(name, slidingWindow);
    return mask;
  }
}
