import { describe, expect, it } from 'vitest';
import type { Recipe } from '../../../src-preload/contract/endpoints/recipes.ts';
import { FIELD_GROUPS, rangeWords, recipeProblems } from './recipe-fields.ts';

const guides = Object.values(FIELD_GROUPS).flat();
const recipe: Recipe = {
  ...{ scope: 'last:5', rank: 16, alpha: 32, targetModules: 'all' },
  ...{ prefixCache: true, cachePrecision: 'float32', microBatch: null, recomputeAttention: false },
  ...{ optimizer: 'adam', learningRate: 1e-3, weightDecay: 0, schedule: 'constant', warmupSteps: 0 },
  ...{ gradientClipping: 1, epochs: 20, batch: 8, windows: 64, windowLength: 256, windowOrder: 'random' },
  ...{
    windowsPerDocument: 'all',
    heldOut: 4,
    seed: 1,
    orderSeed: null,
    samples: 8,
    samplesEvery: null,
    promptTokens: 32,
    sampleTokens: 224,
  },
  ...{ stopAtLoss: { loss: 0.1, epochs: 2 }, stopAtAccuracy: 0.99, keepEveryEpoch: false },
};

describe('the fields of a recipe', () => {
  it('are all there, each once, with name, term and help', () => {
    const fields = guides.map(({ field }) => field).sort();
    expect(fields).toEqual(
      Object.keys(recipe)
        .filter((field) => field !== 'scope')
        .sort(),
    );
    for (const { label, term, help } of guides)
      for (const text of [label, term, help]) expect(text).toMatch(/\S/);
  });

  it.each([
    [{ epochs: 0 }, 'epochs', 'Write a whole number from 1 to 10,000.'],
    [{ epochs: 2.5 }, 'epochs', 'Write a whole number from 1 to 10,000.'],
    [{ learningRate: Number.NaN }, 'learningRate', 'Write a number from 1e-9 to 1.'],
    [{ stopAtLoss: { loss: -1, epochs: 2 } }, 'stopAtLoss', 'Write a number from 1e-6 to 100, or nothing.'],
    [{ targetModules: [] }, 'targetModules', 'Choose at least one part.'],
    [{ windowLength: 4096 }, 'windowLength', 'This model reads 2048 tokens at most.'],
  ])('tell in words what is wrong with %o', (changes, field, words) => {
    expect(recipeProblems({ ...recipe, ...changes }, 2048)).toEqual({ [field]: words });
  });

  it('may be empty where that means something', () => {
    const empty = {
      gradientClipping: null,
      orderSeed: null,
      heldOut: null,
      stopAtLoss: null,
      stopAtAccuracy: null,
    };
    expect(recipeProblems({ ...recipe, ...empty }, 2048)).toEqual({});
    expect(rangeWords(guides.find(({ field }) => field === 'heldOut')!)).toBe(
      '0 to 100,000 windows; empty: a tenth, 128 at most',
    );
  });
});
