import { describe, expect, it } from 'vitest';
import { armsOf, type Choice, modelChoice, runChoice, toggle } from './arms.ts';

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

  it('tell checkpoints by their epoch', () => {
    const early = runChoice(runs[0]!, { step: 40, epoch: 5 });
    expect(names([modelChoice('/tiny'), early, sea])).toEqual(['Tiny', 'Sea at epoch 5', 'Sea']);
    expect(armsOf([early], models, runs)).toEqual([
      { name: 'Sea at epoch 5', modelFolder: '/tiny', run: 1, checkpoint: { step: 40, epoch: 5 } },
    ]);
    expect(toggle([sea, early], early)).toEqual([sea]);
  });
});
