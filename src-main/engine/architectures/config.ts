/** Reading config.json: what families share, and refusing what the lab does not compute before anything is loaded. */
import { z } from 'zod';
import { LabError } from '../errors.ts';

const size = z.number().int().positive();

/** Field names of Llama's config.json, which most later families use too. */
export const commonFields = {
  model_type: z.string(),
  hidden_size: size,
  intermediate_size: size,
  num_hidden_layers: size,
  num_attention_heads: size,
  num_key_value_heads: size.nullish(),
  head_dim: size.nullish(),
  vocab_size: size,
  max_position_embeddings: size,
  rms_norm_eps: z.number().positive().default(1e-6),
  sliding_window: size.nullish(),
  layer_types: z.array(z.string()).nullish(),
};

/** Parses the fields of a family; an absent or wrong one is named. */
export function parseConfig<Schema extends z.ZodType>(schema: Schema, config: unknown): z.infer<Schema> {
  const result = schema.safeParse(config);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new LabError('bad-config', `The model's config.json cannot be used: ${problems.join('; ')}.`, {
    problems,
  });
}

export function refuse(feature: string): never {
  throw new LabError(
    'unsupported-architecture',
    `This model uses ${feature}, which the lab does not compute.`,
    {
      feature,
    },
  );
}

/** Which blocks see only a sliding window, from `layer_types` where it is given. */
export function slidingBlocks(
  config: { num_hidden_layers: number; layer_types?: readonly string[] | null | undefined },
  byDefault: (block: number) => boolean,
): readonly boolean[] {
  return Array.from({ length: config.num_hidden_layers }, (_, block) => {
    const kind = config.layer_types?.[block];
    if (kind === undefined) return byDefault(block);
    if (kind !== 'full_attention' && kind !== 'sliding_attention') refuse(`"${kind}" layers`);
    return kind === 'sliding_attention';
  });
}
