/**
 * Cosines and sines for rotary position embedding, with the ways in which models stretch them to longer contexts:
 * none, linear (arXiv 2306.15595) and Llama 3's, as Hugging Face's modeling_rope_utils computes them. Angles are
 * computed in float32 where transformers does, so that far positions round alike.
 */
import { z } from 'zod';
import { LabError } from '../errors.ts';
import { constant, rotary } from '../graph/ops.ts';
import type { Value } from '../graph/value.ts';
import type { ModelBuilder } from './builder.ts';

const scalingSchema = z.looseObject({
  rope_type: z.string().optional(),
  type: z.string().optional(),
  rope_theta: z.number().positive().optional(),
  factor: z.number().positive().optional(),
  low_freq_factor: z.number().positive().optional(),
  high_freq_factor: z.number().positive().optional(),
  original_max_position_embeddings: z.number().int().positive().optional(),
});

/** Both spellings of config.json: `rope_theta` + `rope_scaling`, and `rope_parameters` of transformers 5. */
export const rotaryFields = {
  rope_theta: z.number().positive().optional(),
  rope_scaling: scalingSchema.nullish(),
  rope_parameters: scalingSchema.nullish(),
};

export interface RotarySettings {
  readonly theta: number;
  readonly scaling:
    | { readonly kind: 'none' }
    | { readonly kind: 'linear'; readonly factor: number }
    | {
        readonly kind: 'llama3';
        readonly factor: number;
        readonly lowFrequencyFactor: number;
        readonly highFrequencyFactor: number;
        readonly originalContext: number;
      };
}

export function rotarySettings(
  config: z.infer<z.ZodObject<typeof rotaryFields>>,
  defaultTheta = 10_000,
): RotarySettings {
  const fields = config.rope_parameters ?? config.rope_scaling ?? {};
  const theta = config.rope_parameters?.rope_theta ?? config.rope_theta ?? defaultTheta;
  const kind = fields.rope_type ?? fields.type ?? 'default';
  const { factor = 1 } = fields;
  switch (kind) {
    case 'default':
      return { theta, scaling: { kind: 'none' } };
    case 'linear':
      return { theta, scaling: { kind, factor } };
    case 'llama3':
      return {
        theta,
        scaling: {
          kind,
          factor,
          lowFrequencyFactor: fields.low_freq_factor ?? 1,
          highFrequencyFactor: fields.high_freq_factor ?? 4,
          originalContext: fields.original_max_position_embeddings ?? 8192,
        },
      };
    default:
      throw new LabError(
        'unsupported-architecture',
        `This model stretches its positions by "${kind}" rope scaling, which the lab does not compute; it knows "linear" and "llama3".`,
        { feature: `rope_scaling ${kind}` },
      );
  }
}

/** Radians per position of each pair of dimensions. */
export function inverseFrequencies({ theta, scaling }: RotarySettings, width: number): Float32Array {
  return Float32Array.from({ length: width / 2 }, (_, pair) => {
    const plain = Math.fround(1 / Math.fround(theta ** Math.fround((2 * pair) / width)));
    if (scaling.kind === 'none') return plain;
    if (scaling.kind === 'linear') return plain / scaling.factor;
    const { factor, lowFrequencyFactor, highFrequencyFactor, originalContext } = scaling;
    const wavelength = (2 * Math.PI) / plain;
    if (wavelength < originalContext / highFrequencyFactor) return plain;
    if (wavelength > originalContext / lowFrequencyFactor) return plain / factor;
    const smooth =
      (originalContext / wavelength - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor);
    return (1 - smooth) * (plain / factor) + smooth * plain;
  });
}

/** Rotates queries or keys [batch, heads, tokens, w] by their positions. */
export function rotate({ context }: ModelBuilder, x: Value, settings: RotarySettings): Value {
  const frequencies = inverseFrequencies(settings, x.shape[3]!);
  const shape = [context.positionCount, frequencies.length];
  const table = (wave: (angle: number) => number) =>
    Float32Array.from({ length: context.positionCount * frequencies.length }, (_, index) => {
      const position = Math.floor(index / frequencies.length);
      return wave(Math.fround(position * frequencies[index % frequencies.length]!));
    });
  return rotary(x, context.positions, constant(table(Math.cos), shape), constant(table(Math.sin), shape));
}
