import { describe, expect, it } from 'vitest';
import { decodingSchema, GREEDY } from '../../../src-preload/contract/endpoints/comparison.ts';
import { armsOf, type Choice, modelChoice, onceMore, runChoice, toggle } from './arms.ts';

const models = [
  { folder: '/tiny', name: 'Tiny' },
  { folder: '/other', name: 'Other' },
];
const runs = [
  { id: 1, name: 'Sea', modelFolder: '/tiny' },
  { id: 2, name: 'Forest', modelFolder: '/tiny' },
];
const [sea, forest] = [runChoice(runs[0]!), runChoice(runs[1]!)];
const names = (chosen: readonly Choice[]) => armsOf(chosen, models, runs).map(({ name }) => name);

describe('arms', () => {
  it('come with the model that a run began with, once', () => {
    const chosen = toggle(toggle([], sea), forest);
    expect(chosen).toEqual([modelChoice('/tiny'), sea, forest]);
    expect(toggle(chosen, modelChoice('/tiny'))).toEqual([sea, forest]);
  });

  it('are called before and after where there are just these', () => {
    expect(names(toggle([], sea))).toEqual(['Before', 'After']);
    expect(names([sea, modelChoice('/tiny')])).toEqual(['Before', 'After']);
    expect(names([modelChoice('/other'), sea])).toEqual(['Other', 'Sea']);
    expect(names([sea, forest])).toEqual(['Sea', 'Forest']);
  });

  it('are told apart where two have one name', () => {
    const again = { id: 3, name: 'Sea', modelFolder: '/tiny' };
    expect(armsOf([sea, runChoice(again)], models, [...runs, again]).map(({ name }) => name)).toEqual([
      'Sea (1)',
      'Sea (2)',
    ]);
  });

  it('tell weights that are kept in less room', () => {
    const small: Choice = { ...modelChoice('/tiny'), weights: '8-bit' };
    expect(names([modelChoice('/tiny'), small])).toEqual(['Tiny', 'Tiny, 8-bit weights']);
  });

  it('tell checkpoints by their epoch', () => {
    const early = runChoice(runs[0]!, { step: 40, epoch: 5 });
    expect(names([modelChoice('/tiny'), early, sea])).toEqual(['Tiny', 'Sea at epoch 5', 'Sea']);
    expect(armsOf([early], models, runs)).toEqual([
      {
        name: 'Sea at epoch 5',
        modelFolder: '/tiny',
        run: 1,
        checkpoint: { step: 40, epoch: 5 },
        decoding: GREEDY,
      },
    ]);
    expect(toggle([sea, early], early)).toEqual([sea]);
  });

  it('can be one model in several ways, which their names tell', () => {
    const chosen = onceMore(onceMore(toggle([], sea), 0), 2);
    expect(names(chosen)).toEqual([
      'Before',
      'Before, by chance (top-p 0.9)',
      'After',
      'After, by chance (top-p 0.9)',
    ]);
    const careful = { ...sea, decoding: decodingSchema.parse({ noRepeatNgramSize: 3 }) };
    expect(names([sea, careful, forest])).toEqual(['Sea', 'Sea, no-repeat n-gram 3', 'Forest']);
    expect(names([sea, sea, forest])).toEqual(['Sea (1)', 'Sea (2)', 'Forest']);
    expect(toggle(chosen, sea).map(({ run }) => run)).toEqual([null, null]);
  });

  it('that come later are called as the same models are there, and never alike', () => {
    const there = armsOf(toggle([], sea), models, runs);
    const names = (choice: Choice) => armsOf([choice], models, runs, there).map(({ name }) => name);
    const careful = decodingSchema.parse({ noRepeatNgramSize: 3 });
    expect(names({ ...modelChoice('/tiny'), decoding: careful })).toEqual(['Before, no-repeat n-gram 3']);
    expect(names(sea)).toEqual(['After (1)']);
    expect(names(forest)).toEqual(['Forest']);
  });
});
