import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, expect, it, vi } from 'vitest';
import type { Verdict } from '../../../src-preload/contract/endpoints/plans.ts';
import { exampleRun } from '../runs/example-run.ts';

const summary = { blocks: 4, contextLength: 64 };
const ANSWERS: Readonly<Record<string, unknown>> = {
  'models.list': [{ folder: '/m', name: 'M', summary }],
  'texts.list': [{ file: '/t.txt', name: 'T', bytes: 1 }],
  'recipes.list': [
    {
      name: 'quick',
      title: 'Quick',
      settings: exampleRun().recipe,
      adapterLearningRate: null,
      labDefaults: [],
    },
  ],
  about: { beginnings: [] },
};
vi.mock('../../lab/lab.ts', () => ({ lab: { call: async (name: string) => ANSWERS[name] } }));
const { useLibrary } = await import('../../stores/library.ts');
const { usePlan } = await import('./plan.ts');

beforeEach(async () => {
  setActivePinia(createPinia());
  await useLibrary().load();
});

it('asks for what was chosen, with pieces no longer than the model can read', () => {
  const plan = usePlan();
  expect(plan.question).toMatchObject({
    modelFolder: '/m',
    dataFile: '/t.txt',
    recipe: { windowLength: 64 },
  });
});

it('asks for nothing while a setting is wrong, or no block learns', () => {
  const plan = usePlan();
  plan.change('epochs', 0);
  expect(plan.question).toBeUndefined();
  plan.change('epochs', undefined);
  expect(plan.question).toBeDefined();
  plan.chosen.scope = 'blocks:';
  expect(plan.question).toBeUndefined();
});

it('holds a verdict for exactly the plan that was checked', () => {
  const plan = usePlan();
  const verdict = { lacks: null } as Verdict;
  plan.judge(plan.question!, verdict);
  expect(plan.verdict).toEqual(verdict);
  plan.change('epochs', 3);
  expect(plan.verdict).toBeUndefined();
  plan.change('epochs', undefined);
  expect(plan.verdict).toEqual(verdict);
});
