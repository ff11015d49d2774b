/** From config.json to an architecture, or a refusal that names what is not supported: nothing has been loaded yet. */
import { z } from 'zod';
import { LabError } from '../errors.ts';
import type { Architecture } from './architecture.ts';
import { parseConfig, refuse } from './config.ts';
import { gemma2 } from './gemma2.ts';
import { gpt2 } from './gpt2.ts';
import { llama, mistral } from './llama.ts';
import { qwen2 } from './qwen2.ts';
import { qwen3 } from './qwen3.ts';

/** By `model_type` of config.json. */
const FAMILIES: Readonly<Record<string, (config: unknown) => Architecture>> = {
  llama,
  mistral,
  qwen2,
  qwen3,
  gpt2,
  gemma2,
};

export const SUPPORTED_MODEL_TYPES = Object.keys(FAMILIES);

export function recognizeArchitecture(config: unknown): Architecture {
  const { model_type: modelType, quantization_config: quantization } = parseConfig(
    z.looseObject({ model_type: z.string(), quantization_config: z.unknown().optional() }),
    config,
  );
  const family = Object.hasOwn(FAMILIES, modelType) ? FAMILIES[modelType] : undefined;
  if (family === undefined) {
    const known = SUPPORTED_MODEL_TYPES.join(', ');
    throw new LabError(
      'unsupported-architecture',
      `The lab does not know the architecture "${modelType}". It supports ${known}.`,
      { modelType, supported: SUPPORTED_MODEL_TYPES },
    );
  }
  if (quantization !== undefined && quantization !== null) refuse('quantized weights (quantization_config)');
  return family(config);
}
