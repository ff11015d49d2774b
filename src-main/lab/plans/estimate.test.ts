/** Estimates of models whose numbers are known: TinyLlama 1.1B, and the starter model. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../../tests/cli/run-lab.ts';
import { recognizeArchitecture } from '../../engine/architectures/recognize.ts';
import { parameterLayout } from '../../engine/model/parameters.ts';
import { findRecipe, type Recipe } from '../../engine/training/recipe.ts';
import { estimate, openPlannedModel, type PlannedModel } from './estimate.ts';
import { choicesThatFit, lacking, withFittingBatch } from './fitting.ts';
import type { Speed } from './work.ts';

const FREE = { memoryBytes: 16e9, diskBytes: 100e9 };
const SPEED: Speed = {
  how: 'checked',
  ...{ perSecond: 1e10, secondsPerWrittenToken: 0.01, secondsPerEpoch: 0.1, secondsToBegin: 2, spread: 1 },
};
const architecture = recognizeArchitecture({
  model_type: 'llama',
  ...{ hidden_size: 2048, intermediate_size: 5632, num_hidden_layers: 22, num_attention_heads: 32 },
  ...{ num_key_value_heads: 4, vocab_size: 32000, max_position_embeddings: 2048, rms_norm_eps: 1e-5 },
});
const tinyLlama: PlannedModel = {
  architecture,
  layout: parameterLayout(architecture),
  bytesOnDisk: 2.2e9,
  fingerprint: '',
};
const recipe = (changes: Partial<Recipe> = {}): Recipe => ({
  ...findRecipe('quick').settings,
  scope: 'all',
  ...changes,
});
const of = (changes: Partial<Recipe> = {}, free = FREE) =>
  estimate(tinyLlama, recipe(changes), null, free, SPEED);

describe('an estimate', () => {
  it('counts parameters as transformers and PEFT do', () => {
    expect(of()).toMatchObject({ totalParameters: 1_100_048_384, trainableParameters: 12_615_680 });
    expect(of({ scope: 'full' })).toMatchObject({ trainableParameters: 1_100_048_384, blocks: null });
    expect(of({ scope: 'last:5', targetModules: ['q_proj'] }).trainableParameters).toBe(5 * 16 * 4096);
  });

  it('counts what a step needs of a model alone, where nothing needs the whole', () => {
    const memory = (changes: Partial<Recipe>) => of({ scope: 'last:5', samples: 0, ...changes }).memoryBytes;
    // Measured with tests/bench/large-models.ts.
    expect(Math.abs(memory({}) / 3.85e9 - 1)).toBeLessThan(0.1);
    const whole = memory({ samples: 8 });
    expect(whole - memory({})).toBe(4 * (17 * 44_044_288 + 32_000 * 2048));
    expect(memory({ prefixCache: false })).toBe(whole);
    // The head and the two blocks that are read before there is a step.
    expect(memory({ scope: 'last:1', batch: 1 })).toBeGreaterThan(4 * (2 * 44_044_288 + 32_000 * 2048));
  });

  it('gives PEFT the indices from zero', () => {
    expect(of({ scope: 'last:5' }).blocks).toEqual([17, 18, 19, 20, 21]);
    expect(of({ scope: 'blocks:1,3' }).blocks).toEqual([0, 2]);
  });

  it('reads the bundled model from its headers', async () => {
    const starter = await openPlannedModel(path.join(ROOT, 'resources', 'starter-model'));
    const found = estimate(starter, recipe({ scope: 'last:5' }), { train: 37, heldOut: 4 }, FREE, undefined);
    expect(found).toMatchObject({
      totalParameters: 1_738_880,
      trainableParameters: 186_880,
      steps: 120,
      seconds: null,
    });
    expect(found.modules).toContain('down_proj');
  });

  it('counts the library of the runtime', () => {
    const on = (runtime: string) => estimate(tinyLlama, recipe(), null, FREE, undefined, runtime).memoryBytes;
    expect(on('tensorflow')).toBeGreaterThan(on('cpu') + 200e6);
    expect(on('webgpu')).toBe(on('cpu'));
  });

  it('needs more memory for more blocks, longer and more windows at a time, and most for the whole model', () => {
    const memory = (changes: Partial<Recipe>) => of(changes).memoryBytes;
    const sizes = [
      memory({ scope: 'last:5', batch: 4 }),
      memory({ scope: 'last:5' }),
      memory({ scope: 'last:10' }),
      memory({ scope: 'all' }),
      memory({ scope: 'full' }),
    ];
    expect(sizes).toEqual(sizes.toSorted((first, second) => first - second));
    expect(memory({ windowLength: 512 })).toBeGreaterThan(memory({ windowLength: 256 }));
    // No smaller than the weights themselves, four times where all of them learn.
    expect(memory({ scope: 'last:1', batch: 1 })).toBeGreaterThan(4 * 1.1e9);
    expect(memory({ scope: 'full' })).toBeGreaterThan(16 * 1.1e9);
  });

  it('counts on the disk the cache of the frozen blocks, and each epoch that is kept', () => {
    const disk = (changes: Partial<Recipe>) => of({ scope: 'last:5', windows: 2000, ...changes }).diskBytes;
    const states = (2000 + 128) * 256 * 2048;
    const cache = (changes: Partial<Recipe>) => disk(changes) - disk({ prefixCache: false });
    // With an eighth to spare, so that a run that is killed on the way can go on.
    expect(cache({})).toBeGreaterThanOrEqual(states * 4 * (9 / 8));
    expect(cache({})).toBeLessThan(states * 4 * 1.15);
    expect(cache({ cachePrecision: 'float16' })).toBeLessThan(0.51 * cache({}));
    expect(of({ scope: 'last:5', windows: 2000 }).cacheBytes).toBe(cache({}));
    expect(of({ scope: 'full' }).cacheBytes).toBe(0);
    const trained = 5 * 16 * 35840 * 4;
    expect(disk({ keepEveryEpoch: true }) - disk({})).toBe(30 * trained);
  });

  it('takes about twice as long for twice the epochs, and longer without the cache of the frozen blocks', () => {
    const low = (changes: Partial<Recipe>) => of({ scope: 'last:5', ...changes }).seconds!.low;
    expect(low({ epochs: 60 }) / low({ epochs: 30 })).toBeGreaterThan(1.7);
    expect(low({ epochs: 60 }) / low({ epochs: 30 })).toBeLessThan(2);
    expect(low({ prefixCache: false })).toBeGreaterThan(2 * low({}));
    const { low: least, high: most } = of().seconds!;
    expect(most).toBeGreaterThan(least);
  });
});

describe('a run that does not fit', () => {
  it('is told which choices would, and each of them does', () => {
    const free = { memoryBytes: 8e9, diskBytes: 100e9 };
    expect(lacking(of({}, free))).toBe('memory');
    const choices = choicesThatFit(recipe(), 22, (changed) =>
      estimate(tinyLlama, changed, null, free, undefined),
    );
    expect(choices.length).toBeGreaterThan(1);
    for (const choice of choices) {
      expect(choice.memoryBytes).toBeLessThanOrEqual(free.memoryBytes);
      expect(estimate(tinyLlama, choice.recipe, null, free, undefined).memoryBytes).toBe(choice.memoryBytes);
    }
    expect(choices.map(({ words }) => words)).toContainEqual(
      expect.stringContaining('pieces at a time instead of 8'),
    );
  });

  it('is computed in parts where a batch is to fit, and as it is where it does', () => {
    const fitted = (memoryBytes: number, changes: Partial<Recipe> = {}) => {
      const free = { memoryBytes, diskBytes: 1e12 };
      return withFittingBatch(recipe(changes), (changed) =>
        estimate(tinyLlama, changed, null, free, undefined),
      );
    };
    expect(fitted(1e12)).toEqual(recipe());
    const needed = of({ microBatch: 2 }).memoryBytes;
    expect(fitted(needed)).toEqual(recipe({ microBatch: 2 }));
    expect(fitted(1e9)).toBeUndefined();
  });

  it('is told so where the disk is too small', () => {
    const free = { memoryBytes: 64e9, diskBytes: 1e9 };
    const asked = recipe({ scope: 'last:5', windows: 2000 });
    const estimateOf = (changed: Recipe) => estimate(tinyLlama, changed, null, free, undefined);
    expect(lacking(estimateOf(asked))).toBe('disk');
    const [choice] = choicesThatFit(asked, 22, estimateOf).filter(({ words }) =>
      words.startsWith('without the file'),
    );
    expect(choice?.diskBytes).toBeLessThan(1e9);
  });

  it('gets no choice where nothing helps', () => {
    const free = { memoryBytes: 1e9, diskBytes: 1e9 };
    expect(
      choicesThatFit(recipe(), 22, (changed) => estimate(tinyLlama, changed, null, free, undefined)),
    ).toEqual([]);
  });
});
