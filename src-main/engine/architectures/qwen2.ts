/** Qwen2 and Qwen2.5 (arXiv 2407.10671, 2412.15115): Llama with biases on queries, keys and values. */
import { z } from 'zod';
import type { Architecture } from './architecture.ts';
import { parseConfig, slidingBlocks } from './config.ts';
import { llamaFields, llamaLike } from './llama.ts';

export const qwenFields = {
  ...llamaFields,
  use_sliding_window: z.boolean().default(false),
  max_window_layers: z.number().int().nonnegative().nullish(),
};

export function qwen2(config: unknown): Architecture {
  const parsed = parseConfig(z.looseObject(qwenFields), config);
  return llamaLike(parsed, {
    queryKeyValueBias: true,
    outputBias: false,
    feedForwardBias: false,
    queryKeyNorm: false,
    slidingWindow: qwenWindows(parsed),
  });
}

/** Only blocks from `max_window_layers` on slide, and only where the configuration switches it on. */
export function qwenWindows(
  config: z.infer<z.ZodObject<typeof qwenFields>>,
): (block: number) => number | undefined {
  const first = config.max_window_layers ?? config.num_hidden_layers;
  const sliding = slidingBlocks(config, (block) => block >= first);
  return (block) =>
    config.use_sliding_window && sliding[block] ? (config.sliding_window ?? undefined) : undefined;
}
