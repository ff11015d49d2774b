/**
 * Llama 2 and 3 (arXiv 2307.09288, 2407.21783) and what follows their plan: TinyLlama, DeepSeek LLM, SmolLM, Mistral,
 * Qwen2 and Qwen3 differ in biases, norms on queries and keys, and windows: see `LlamaVariation`.
 */
import { z } from 'zod';
import { add, gatherRows, multiply } from '../graph/ops.ts';
import type { Value } from '../graph/value.ts';
import type { Architecture, ModelGeometry } from './architecture.ts';
import type { ModelBuilder } from './builder.ts';
import { commonFields, parseConfig, refuse } from './config.ts';
import { joinHeads, rmsNorm, silu, splitHeads } from './layers.ts';
import { rotaryFields, rotarySettings, rotate } from './rotary-tables.ts';

const TOKEN_TABLE = 'model.embed_tokens.weight';

export const llamaFields = {
  ...commonFields,
  ...rotaryFields,
  hidden_act: z.string().default('silu'),
  tie_word_embeddings: z.boolean().default(false),
};
type LlamaConfig = z.infer<z.ZodObject<typeof llamaFields>>;

/** In what the followers of Llama differ. */
export interface LlamaVariation {
  readonly queryKeyValueBias: boolean;
  readonly outputBias: boolean;
  readonly feedForwardBias: boolean;
  /** Root-mean-square norms over each head's queries and keys (Qwen3). */
  readonly queryKeyNorm: boolean;
  /** Tokens that a block sees, or undefined for all. */
  readonly slidingWindow: (block: number) => number | undefined;
}

const schema = z.looseObject({
  ...llamaFields,
  attention_bias: z.boolean().default(false),
  mlp_bias: z.boolean().default(false),
});

export function llama(config: unknown): Architecture {
  const parsed = parseConfig(schema, config);
  return llamaLike(parsed, {
    queryKeyValueBias: parsed.attention_bias,
    outputBias: parsed.attention_bias,
    feedForwardBias: parsed.mlp_bias,
    queryKeyNorm: false,
    slidingWindow: () => undefined,
  });
}

/** Mistral 7B (arXiv 2310.06825): Llama in which every block sees a sliding window. */
export function mistral(config: unknown): Architecture {
  const parsed = parseConfig(z.looseObject(llamaFields), config);
  return llamaLike(parsed, {
    queryKeyValueBias: false,
    outputBias: false,
    feedForwardBias: false,
    queryKeyNorm: false,
    slidingWindow: () => parsed.sliding_window ?? undefined,
  });
}

export function llamaLike(config: LlamaConfig, variation: LlamaVariation): Architecture {
  if (config.hidden_act !== 'silu') refuse(`the activation "${config.hidden_act}"`);
  const geometry = llamaGeometry(config);
  const { width, vocabularySize } = geometry;
  const norm = { epsilon: config.rms_norm_eps };
  const rotarySetting = rotarySettings(config);
  const embedding = (builder: ModelBuilder) => builder.parameter(TOKEN_TABLE, [vocabularySize, width]);
  return {
    geometry,
    blockPath: (block) => `model.layers.${block}`,
    blockKind: (block) => `window ${variation.slidingWindow(block) ?? 'all'}`,
    linearModules: GATED_LINEAR_MODULES,
    fanInFanOut: false,
    basePrefix: 'model',
    tokenTable: TOKEN_TABLE,
    embed: (builder, tokens) => gatherRows(embedding(builder), tokens),
    block: (builder, block, hidden) => {
      const attended = attention(builder, block, rmsNorm(builder, 'input_layernorm', hidden, norm));
      const middle = add(hidden, attended);
      return add(middle, feedForward(builder, rmsNorm(builder, 'post_attention_layernorm', middle, norm)));
    },
    head: (builder, hidden) => ({
      hidden: rmsNorm(builder, 'model.norm', hidden, norm),
      weight: geometry.tiedHead
        ? embedding(builder)
        : builder.parameter('lm_head.weight', [vocabularySize, width]),
      softCap: undefined,
    }),
  };

  function attention(builder: ModelBuilder, block: number, x: Value): Value {
    const { heads, keyValueHeads, headWidth } = geometry;
    const project = (name: string, count: number) =>
      splitHeads(
        builder,
        builder.linear(`self_attn.${name}`, x, count * headWidth, { bias: variation.queryKeyValueBias }),
        count,
      );
    const placed = (name: 'q' | 'k', count: number) => {
      const projected = project(`${name}_proj`, count);
      const normed = variation.queryKeyNorm
        ? rmsNorm(builder, `self_attn.${name}_norm`, projected, norm)
        : projected;
      return rotate(builder, normed, rotarySetting);
    };
    const attended = builder.context.attend(
      builder.path,
      placed('q', heads),
      placed('k', keyValueHeads),
      project('v_proj', keyValueHeads),
      {
        scale: headWidth ** -0.5,
        slidingWindow: variation.slidingWindow(block),
      },
    );
    return builder.linear('self_attn.o_proj', joinHeads(builder, attended), width, {
      bias: variation.outputBias,
    });
  }

  function feedForward(builder: ModelBuilder, x: Value): Value {
    return gatedFeedForward(builder, x, config.intermediate_size, silu, variation.feedForwardBias);
  }
}

export const GATED_LINEAR_MODULES = [
  'self_attn.q_proj',
  'self_attn.k_proj',
  'self_attn.v_proj',
  'self_attn.o_proj',
  'mlp.gate_proj',
  'mlp.up_proj',
  'mlp.down_proj',
];

/** down(activation(gate(x)) · up(x)) (arXiv 2002.05202). */
export function gatedFeedForward(
  builder: ModelBuilder,
  x: Value,
  innerWidth: number,
  activation: (x: Value) => Value,
  bias = false,
): Value {
  const gate = activation(builder.linear('mlp.gate_proj', x, innerWidth, { bias }));
  const up = builder.linear('mlp.up_proj', x, innerWidth, { bias });
  return builder.linear('mlp.down_proj', multiply(gate, up), x.shape[1]!, { bias });
}

export function llamaGeometry(config: LlamaConfig): ModelGeometry {
  const { hidden_size: width, num_attention_heads: heads } = config;
  const keyValueHeads = config.num_key_value_heads ?? heads;
  if (heads % keyValueHeads !== 0) refuse(`${heads} query heads over ${keyValueHeads} key heads`);
  return {
    modelType: config.model_type,
    blocks: config.num_hidden_layers,
    width,
    heads,
    keyValueHeads,
    headWidth: config.head_dim ?? width / heads,
    vocabularySize: config.vocab_size,
    contextLength: config.max_position_embeddings,
    tiedHead: config.tie_word_embeddings,
  };
}
