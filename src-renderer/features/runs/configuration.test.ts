import { describe, expect, it } from 'vitest';
import { changedFrom, differences, settingsOf } from './configuration.ts';
import { exampleRun } from './example-run.ts';

const run = exampleRun();
const withRecipe = (changes: Partial<typeof run.recipe>) =>
  exampleRun({ recipe: { ...run.recipe, ...changes } });
const recipe = {
  name: 'quick',
  title: 'Quick',
  source: '',
  settings: { ...run.recipe, learningRate: 1e-3, scope: 'full' },
  adapterLearningRate: 2e-3,
  labDefaults: [],
};

describe('the configuration of a run', () => {
  it('is told in words', () => {
    const settings = settingsOf(
      withRecipe({ stopAtLoss: { loss: 0.05, epochs: 2 }, targetModules: ['q_proj', 'v_proj'] }),
    );
    expect(Object.fromEntries(settings)).toMatchObject({
      scope: 'adapters on the last 5 blocks (LoRA)',
      stopAtLoss: 'below 0.05 for 2 epochs',
      stopAtAccuracy: 'goes on to the end',
      optimizer: 'Adam',
      heldOut: 'a tenth, 128 at most',
      targetModules: 'q_proj, v_proj',
      prefixCache: 'yes',
    });
  });

  it('tells what it computes on, and whether that rounds', () => {
    const words = (computing?: typeof run.computing) => {
      const settings = settingsOf(exampleRun({ computing }));
      return [settings.get('runtime'), settings.get('products')];
    };
    expect(words({ runtime: 'tensorflow', threads: 2, products: 'bfloat16' })).toEqual([
      'TensorFlow, threads: 2',
      'rounded (bfloat16)',
    ]);
    expect(words({ runtime: 'cpu' })).toEqual(['the processor', 'none (float32)']);
    expect(words()).toEqual(['not known: an older lab did not keep it', 'none (float32)']);
  });

  it('differs where not all runs have the same', () => {
    const keys = (runs: Parameters<typeof differences>[0]) => differences(runs).map(({ key }) => key);
    expect(keys([run, exampleRun({ name: 'Another' })])).toEqual([]);
    expect(keys([run, withRecipe({ seed: 2 }), exampleRun({ dataFile: '/texts/hills.txt' })])).toEqual([
      'text',
      'seed',
    ]);
    expect(keys([run, withRecipe({ targetModules: ['q_proj'] })])).toEqual(['targetModules']);
  });

  it('is that of the recipe but for what a person has changed', () => {
    expect(changedFrom(recipe, withRecipe({ epochs: 3 }))).toEqual(new Set(['epochs']));
    // The recipe has a rate of its own for adapters.
    expect(changedFrom(recipe, run)).toEqual(new Set());
    expect(changedFrom(recipe, withRecipe({ scope: 'full' }))).toEqual(new Set(['learningRate']));
  });
});
