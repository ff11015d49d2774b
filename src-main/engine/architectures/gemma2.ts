/**
 * Gemma 2 (arXiv 2408.00118): norms before and after each sub-layer, soft-capped scores and logits, every second block
 * with a sliding window, embeddings scaled by √width, and a head that is always the embedding table.
 */
import { z } from 'zod';
import { add, gatherRows, multiply } from '../graph/ops.ts';
import type { Value } from '../graph/value.ts';
import type { Architecture } from './architecture.ts';
import type { ModelBuilder } from './builder.ts';
import { parseConfig, refuse, slidingBlocks } from './config.ts';
import { geluTanh, joinHeads, rmsNorm, splitHeads } from './layers.ts';
import { GATED_LINEAR_MODULES, gatedFeedForward, llamaFields, llamaGeometry } from './llama.ts';
import { rotarySettings, rotate } from './rotary-tables.ts';

const TOKEN_TABLE = 'model.embed_tokens.weight';
const schema = z.looseObject({
  ...llamaFields,
  hidden_act: z.string().default('gelu_pytorch_tanh'),
  hidden_activation: z.string().nullish(),
  tie_word_embeddings: z.boolean().default(true),
  attention_bias: z.boolean().default(false),
  query_pre_attn_scalar: z.number().positive().default(256),
  attn_logit_softcapping: z.number().positive().nullish(),
  final_logit_softcapping: z.number().positive().nullish(),
});

export function gemma2(config: unknown): Architecture {
  const parsed = parseConfig(schema, config);
  const activation = parsed.hidden_activation ?? parsed.hidden_act;
  // Early files of Gemma say "gelu" but were trained with the tanh form, which transformers computes for them too.
  if (activation !== 'gelu_pytorch_tanh' && activation !== 'gelu') refuse(`the activation "${activation}"`);
  const geometry = llamaGeometry({ ...parsed, head_dim: parsed.head_dim ?? 256 });
  const { width, heads, keyValueHeads, headWidth, vocabularySize } = geometry;
  const norm = { epsilon: parsed.rms_norm_eps, gainOffset: 1 };
  const rotarySetting = rotarySettings(parsed);
  const sliding = slidingBlocks(parsed, (block) => block % 2 === 0);
  const embedding = (builder: ModelBuilder) => builder.parameter(TOKEN_TABLE, [vocabularySize, width]);

  const attention = (builder: ModelBuilder, block: number, x: Value) => {
    const project = (name: string, count: number) => {
      const flat = builder.linear(`self_attn.${name}`, x, count * headWidth, { bias: parsed.attention_bias });
      return splitHeads(builder, flat, count);
    };
    const query = rotate(builder, project('q_proj', heads), rotarySetting);
    const key = rotate(builder, project('k_proj', keyValueHeads), rotarySetting);
    const attended = builder.context.attend(builder.path, query, key, project('v_proj', keyValueHeads), {
      scale: parsed.query_pre_attn_scalar ** -0.5,
      slidingWindow: sliding[block] ? (parsed.sliding_window ?? undefined) : undefined,
      softCap: parsed.attn_logit_softcapping ?? undefined,
    });
    return builder.linear('self_attn.o_proj', joinHeads(builder, attended), width, {
      bias: parsed.attention_bias,
    });
  };

  return {
    geometry,
    blockPath: (block) => `model.layers.${block}`,
    blockKind: (block) => (sliding[block] ? 'sliding' : 'full'),
    linearModules: GATED_LINEAR_MODULES,
    fanInFanOut: false,
    basePrefix: 'model',
    tokenTable: TOKEN_TABLE,
    embed: (builder, tokens) => multiply(gatherRows(embedding(builder), tokens), Math.sqrt(width)),
    block: (builder, block, hidden) => {
      const attended = attention(builder, block, rmsNorm(builder, 'input_layernorm', hidden, norm));
      const middle = add(hidden, rmsNorm(builder, 'post_attention_layernorm', attended, norm));
      const before = rmsNorm(builder, 'pre_feedforward_layernorm', middle, norm);
      const fed = gatedFeedForward(builder, before, parsed.intermediate_size, geluTanh);
      return add(middle, rmsNorm(builder, 'post_feedforward_layernorm', fed, norm));
    },
    head: (builder, hidden) => ({
      hidden: rmsNorm(builder, 'model.norm', hidden, norm),
      weight: embedding(builder),
      softCap: parsed.final_logit_softcapping ?? undefined,
    }),
  };
}
