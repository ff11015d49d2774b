/** Qwen3 (arXiv 2505.09388): Llama with norms on each head's queries and keys. */
import { z } from 'zod';
import type { Architecture } from './architecture.ts';
import { parseConfig } from './config.ts';
import { llamaLike } from './llama.ts';
import { qwenFields, qwenWindows } from './qwen2.ts';

const schema = z.looseObject({ ...qwenFields, attention_bias: z.boolean().default(false) });

export function qwen3(config: unknown): Architecture {
  const parsed = parseConfig(schema, config);
  return llamaLike(
    { ...parsed, head_dim: parsed.head_dim ?? 128 },
    {
      queryKeyValueBias: parsed.attention_bias,
      outputBias: parsed.attention_bias,
      feedForwardBias: false,
      queryKeyNorm: true,
      slidingWindow: qwenWindows(parsed),
    },
  );
}
