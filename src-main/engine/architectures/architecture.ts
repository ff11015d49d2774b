/**
 * What the lab must know of a model family. An `Architecture` is a family bound to one model's config.json: it says how
 * tokens become hidden states, what one block does, and how hidden states become logits. It asks the `ModelBuilder`
 * for parameters by their Hugging Face names, so the same few lines serve training, cached decoding and inspection.
 */
import type { Value } from '../graph/value.ts';
import type { ModelBuilder } from './builder.ts';

export interface ModelGeometry {
  /** `model_type` of config.json. */
  readonly modelType: string;
  readonly blocks: number;
  /** Size of a hidden state. */
  readonly width: number;
  readonly heads: number;
  /** Heads of keys and values: fewer than `heads` in grouped-query attention. */
  readonly keyValueHeads: number;
  /** Size of one head's queries and keys. */
  readonly headWidth: number;
  readonly vocabularySize: number;
  /** Longest token window that the model was made for. */
  readonly contextLength: number;
  /** The output head reuses the embedding table. */
  readonly tiedHead: boolean;
}

/** The last step: logits = cap(hidden · weightᵀ). */
export interface Head {
  /** [batch · tokens, width], after the final norm. */
  readonly hidden: Value;
  /** [vocabulary, width] */
  readonly weight: Value;
  /** Logits are c·tanh(logits / c) where given (Gemma 2). */
  readonly softCap: number | undefined;
}

export interface Architecture {
  readonly geometry: ModelGeometry;
  /** Module path of a block, such as "model.layers.3"; its parameters are named below it. */
  blockPath(block: number): string;
  /** Blocks of one kind are the same graph with other weights. */
  blockKind(block: number): string;
  /** Linear modules of a block that an adapter may target, such as "self_attn.q_proj". */
  readonly linearModules: readonly string[];
  /** Linear weights are stored [in, out] (GPT-2's Conv1D) rather than [out, in]. */
  readonly fanInFanOut: boolean;
  /** First part of module paths that files of the bare model leave out ("model", "transformer"). */
  readonly basePrefix: string;
  /** The parameter that `embed` takes a row of for each token: [vocabulary, width]. */
  readonly tokenTable: string;
  /** tokens int32 [batch · tokens] → hidden [batch · tokens, width]. */
  embed(builder: ModelBuilder, tokens: Value): Value;
  /** hidden → hidden; the builder is within the block's path. */
  block(builder: ModelBuilder, block: number, hidden: Value): Value;
  head(builder: ModelBuilder, hidden: Value): Head;
}
