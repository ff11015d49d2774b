/**
 * Builds a model's graph: it turns parameter names into graph inputs, adds adapters to the linear modules they target,
 * and supplies the attention that fits the job. All hidden states are [batch · tokens, width] matrices, so that every
 * linear module is one plain matrix product.
 */
import { add, input, matmul, multiply } from '../graph/ops.ts';
import type { AttentionSettings, Shape, Value } from '../graph/value.ts';

/** How tokens see each other: within the window alone (training) or also in a cache (decoding). */
export interface AttentionContext {
  readonly batch: number;
  readonly tokens: number;
  /** int32 [batch, tokens] */
  readonly positions: Value;
  /** Positions that may occur: rows of the rotary tables. */
  readonly positionCount: number;
  /** query [batch, heads, tokens, w], key and value [batch, keyValueHeads, tokens, w] → [batch, heads, tokens, w]. */
  attend(path: string, query: Value, key: Value, value: Value, options: AttentionSettings): Value;
}

/** Low-rank adapters (LoRA, arXiv 2106.09685): y = x·Wᵀ + scale·(x·Aᵀ)·Bᵀ. */
export interface AdapterPlan<Scale extends number | Value = number> {
  readonly rank: number;
  readonly scale: Scale;
  /** Whether the linear module at this path has an adapter. */
  targets(modulePath: string): boolean;
}

export interface LinearOptions {
  readonly bias?: boolean;
  /** The weight is stored [in, out]. */
  readonly fanInFanOut?: boolean;
}

export class ModelBuilder {
  readonly context: AttentionContext;
  /** Every parameter asked for so far, by its full name. */
  readonly parameters: Map<string, Value>;
  readonly adapterMatrices: Map<string, Value>;
  readonly path: string;
  readonly #adapter: AdapterPlan<number | Value> | undefined;

  constructor(
    context: AttentionContext,
    adapter?: AdapterPlan<number | Value>,
    parent?: ModelBuilder,
    path = '',
  ) {
    this.context = context;
    this.parameters = parent?.parameters ?? new Map();
    this.adapterMatrices = parent?.adapterMatrices ?? new Map();
    this.path = path;
    this.#adapter = adapter;
  }

  /** The same model, with names below this path. */
  within(path: string): ModelBuilder {
    return new ModelBuilder(this.context, this.#adapter, this, this.#full(path));
  }

  parameter(name: string, shape: Shape): Value {
    return remember(this.parameters, this.#full(name), shape);
  }

  /** x [n, in] → [n, out], with the module's adapter if it has one. */
  linear(
    module: string,
    x: Value,
    outputs: number,
    { bias = false, fanInFanOut = false }: LinearOptions = {},
  ): Value {
    const inputs = x.shape[1]!;
    const weight = this.parameter(`${module}.weight`, fanInFanOut ? [inputs, outputs] : [outputs, inputs]);
    let result = matmul(x, weight, { transposeB: !fanInFanOut });
    if (bias) result = add(result, this.parameter(`${module}.bias`, [outputs]));
    const path = this.#full(module);
    if (!this.#adapter?.targets(path)) return result;
    const { rank, scale } = this.#adapter;
    const a = remember(this.adapterMatrices, `${path}.lora_A.weight`, [rank, inputs]);
    const b = remember(this.adapterMatrices, `${path}.lora_B.weight`, [outputs, rank]);
    const low = multiply(matmul(x, a, { transposeB: true }), scale);
    return add(result, matmul(low, b, { transposeB: true }));
  }

  #full(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }
}

function remember(known: Map<string, Value>, name: string, shape: Shape): Value {
  const value = known.get(name) ?? input(name, shape);
  known.set(name, value);
  return value;
}
