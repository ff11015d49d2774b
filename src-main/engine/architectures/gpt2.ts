/**
 * GPT-2 (Radford et al. 2019): learned positions, layer norms with biases, one linear module for queries, keys and
 * values, and weights stored [in, out].
 */
import { z } from 'zod';
import { add, gatherRows, reshape, slice } from '../graph/ops.ts';
import type { Value } from '../graph/value.ts';
import type { Architecture, ModelGeometry } from './architecture.ts';
import type { ModelBuilder } from './builder.ts';
import { parseConfig, refuse } from './config.ts';
import { geluTanh, joinHeads, layerNorm, splitHeads } from './layers.ts';

const size = z.number().int().positive();
const schema = z.looseObject({
  model_type: z.literal('gpt2'),
  n_embd: size,
  n_layer: size,
  n_head: size,
  n_inner: size.nullish(),
  n_positions: size,
  vocab_size: size,
  layer_norm_epsilon: z.number().positive().default(1e-5),
  activation_function: z.string().default('gelu_new'),
  tie_word_embeddings: z.boolean().default(true),
  scale_attn_weights: z.boolean().default(true),
  scale_attn_by_inverse_layer_idx: z.boolean().default(false),
  add_cross_attention: z.boolean().default(false),
});
const TANH_ACTIVATIONS = ['gelu_new', 'gelu_pytorch_tanh'];
const TOKEN_TABLE = 'transformer.wte.weight';
const STORED = { bias: true, fanInFanOut: true };

export function gpt2(config: unknown): Architecture {
  const parsed = parseConfig(schema, config);
  if (!TANH_ACTIVATIONS.includes(parsed.activation_function))
    refuse(`the activation "${parsed.activation_function}"`);
  if (parsed.add_cross_attention) refuse('cross-attention');
  const { n_embd: width, n_head: heads, layer_norm_epsilon: epsilon } = parsed;
  const geometry: ModelGeometry = {
    modelType: parsed.model_type,
    blocks: parsed.n_layer,
    width,
    heads,
    keyValueHeads: heads,
    headWidth: width / heads,
    vocabularySize: parsed.vocab_size,
    contextLength: parsed.n_positions,
    tiedHead: parsed.tie_word_embeddings,
  };
  const embedding = (builder: ModelBuilder) => builder.parameter(TOKEN_TABLE, [parsed.vocab_size, width]);

  const attention = (builder: ModelBuilder, block: number, x: Value) => {
    const joined = builder.linear('attn.c_attn', x, 3 * width, STORED);
    const [query, key, value] = [0, 1, 2].map((part) =>
      splitHeads(builder, slice(joined, 1, part * width, (part + 1) * width), heads),
    ) as [Value, Value, Value];
    const byWidth = parsed.scale_attn_weights ? geometry.headWidth ** -0.5 : 1;
    const byDepth = parsed.scale_attn_by_inverse_layer_idx ? 1 / (block + 1) : 1;
    const attended = builder.context.attend(builder.path, query, key, value, { scale: byWidth * byDepth });
    return builder.linear('attn.c_proj', joinHeads(builder, attended), width, STORED);
  };

  return {
    geometry,
    blockPath: (block) => `transformer.h.${block}`,
    blockKind: (block) => (parsed.scale_attn_by_inverse_layer_idx ? `depth ${block}` : 'any'),
    linearModules: ['attn.c_attn', 'attn.c_proj', 'mlp.c_fc', 'mlp.c_proj'],
    fanInFanOut: true,
    basePrefix: 'transformer',
    tokenTable: TOKEN_TABLE,
    embed: (builder, tokens) => {
      const { batch, tokens: length, positions } = builder.context;
      const places = builder.parameter('transformer.wpe.weight', [parsed.n_positions, width]);
      const placed = gatherRows(places, reshape(positions, [batch * length]));
      return add(gatherRows(embedding(builder), tokens), placed);
    },
    block: (builder, block, hidden) => {
      const attended = attention(builder, block, layerNorm(builder, 'ln_1', hidden, epsilon));
      const middle = add(hidden, attended);
      const inner = builder.linear(
        'mlp.c_fc',
        layerNorm(builder, 'ln_2', middle, epsilon),
        parsed.n_inner ?? 4 * width,
        STORED,
      );
      return add(middle, builder.linear('mlp.c_proj', geluTanh(inner), width, STORED));
    },
    head: (builder, hidden) => ({
      hidden: layerNorm(builder, 'transformer.ln_f', hidden, epsilon),
      weight: geometry.tiedHead
        ? embedding(builder)
        : builder.parameter('lm_head.weight', [parsed.vocab_size, width]),
      softCap: undefined,
    }),
  };
}
