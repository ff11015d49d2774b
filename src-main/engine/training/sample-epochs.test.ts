import { describe, expect, it } from 'vitest';
import { recognizeArchitecture } from '../architectures/recognize.ts';
import { parameterLayout } from '../model/parameters.ts';
import { multiplyAdds } from './multiply-adds.ts';
import { findRecipe, type Recipe, settingsFor } from './recipe.ts';
import { epochsBetweenSamples, hasSamples, samplingTimes } from './sample-epochs.ts';

const llama = (changes: Readonly<Record<string, number>>) =>
  recognizeArchitecture({
    model_type: 'llama',
    ...{ num_attention_heads: 4, max_position_embeddings: 512, rms_norm_eps: 1e-5 },
    ...changes,
  });
/** Shapes of the starter model, and of a Llama of 15 million weights. */
const small = llama({ hidden_size: 128, intermediate_size: 352, num_hidden_layers: 8, vocab_size: 2048 });
const larger = llama({ hidden_size: 288, intermediate_size: 768, num_hidden_layers: 6, vocab_size: 32_000 });

function every(
  architecture: typeof small,
  name: string,
  scope: string,
  changes: Partial<Recipe> = {},
  heldOut = 7,
): number {
  const recipe = { ...settingsFor(findRecipe(name), scope), ...changes };
  const counted = multiplyAdds(architecture, parameterLayout(architecture), recipe);
  return epochsBetweenSamples(counted, recipe, { train: recipe.windows, heldOut });
}

describe('sample texts', () => {
  it('are written at every epoch where all there is to see shall be seen, or learning takes long beside them', () => {
    expect(every(small, 'try-it-now', 'last:5')).toBe(1);
    expect(every(small, 'try-it-now', 'full')).toBe(1);
    expect(every(larger, 'carlsson-2025-paper', 'full', {}, 128)).toBe(1);
    expect(every(larger, 'li-2026-late-stage', 'last:5', {}, 128)).toBe(1);
  });

  it('are written less often the less learns, the more there are, and the more else is measured', () => {
    const short = { windows: 32, sampleTokens: 224 };
    const full = every(larger, 'quick', 'full', short);
    const late = every(larger, 'quick', 'last:2', short);
    expect(full).toBeGreaterThan(1);
    expect(late).toBeGreaterThan(full);
    expect(every(larger, 'quick', 'full', { ...short, samples: 1 })).toBeLessThan(full);
    expect(every(larger, 'quick', 'full', short, 9)).toBeGreaterThan(full);
  });

  it('are written before the first step and after the last one at least', () => {
    const alone = every(larger, 'quick', 'last:1', { windows: 8 });
    expect(alone).toBe(30);
    const epochs = Array.from({ length: 31 }, (_, epoch) => epoch);
    expect(epochs.filter((epoch) => hasSamples(epoch, alone, epoch === 30))).toEqual([0, 30]);
    // A run that a rule stopped.
    expect(hasSamples(11, alone, true)).toBe(true);
  });

  it('are written as often as a recipe says', () => {
    expect(every(larger, 'quick', 'last:1', { samplesEvery: 1 })).toBe(1);
    expect(every(small, 'try-it-now', 'full', { samplesEvery: 7 })).toBe(7);
  });

  it('are counted as they are written', () => {
    for (const [epochs, interval] of [
      [30, 1],
      [30, 4],
      [30, 5],
      [30, 30],
      [1, 3],
    ] as const) {
      const all = Array.from({ length: epochs + 1 }, (_, epoch) => epoch);
      const written = all.filter((epoch) => hasSamples(epoch, interval, epoch === epochs));
      expect(samplingTimes(epochs, interval)).toBe(written.length);
    }
  });
});
