import { describe, expect, it, vi } from 'vitest';
import {
  type ExperimentKind,
  type ExperimentRequest,
  experimentRequestSchema,
} from '../../../src-preload/contract/endpoints/experiments.ts';
import { exampleRun } from '../runs/example-run.ts';
import { RUN_QUESTIONS, TRAINING_QUESTIONS } from './questions.ts';
import type { Chosen } from './request.ts';
import { requestFacts } from './request-facts.ts';
import { defaultSettings, RECIPE, settingsFrom } from './settings.ts';

vi.mock('../../lab/lab.ts', () => ({ lab: {} }));
const { requestFor } = await import('./request.ts');

const KINDS = [...RUN_QUESTIONS, ...TRAINING_QUESTIONS].map(({ kind }) => kind);
const summary = {
  ...{ architecture: 'llama', blocks: 3, width: 8, contextLength: 64, vocabularySize: 99, parameters: 1 },
  ...{ bytesOnDisk: 1, licence: null, trainingMemoryBytes: {} },
};
const chosen: Chosen = {
  run: { id: 7 },
  checkpoint: { step: 4, epoch: 1 },
  model: { folder: '/model', summary },
  text: { file: '/sea.txt' },
  several: [{ file: '/sea.txt' }, { file: '/forest.txt' }],
  recipes: [
    {
      ...{ name: RECIPE, title: 'Try it now', source: '', labDefaults: [], adapterLearningRate: 2e-3 },
      settings: exampleRun().recipe,
    },
  ],
};
const asked = (
  kind: ExperimentKind,
  changes: Partial<Chosen> = {},
  settings = {},
): ExperimentRequest | undefined =>
  requestFor(kind, { ...chosen, ...changes }, { ...defaultSettings(kind), ...settings });

describe('what the lab is asked', () => {
  it.each(KINDS)('is complete for "%s" with nothing but the defaults', (kind) => {
    expect(experimentRequestSchema.parse(asked(kind))).toEqual(asked(kind));
  });

  it('is there for every experiment that the lab knows', () => {
    expect(KINDS.toSorted()).toEqual(
      experimentRequestSchema.options.map(({ shape }) => shape.kind.value).toSorted(),
    );
  });

  it('is nothing where the run, the model or the texts are missing', () => {
    expect(asked('rank-origin', { run: undefined })).toBeUndefined();
    expect(asked('order', { model: undefined })).toBeUndefined();
    expect(asked('order', { text: undefined })).toBeUndefined();
    expect(asked('domains', { several: [{ file: '/sea.txt' }] })).toBeUndefined();
  });

  it('fits the model: no window longer than it reads, no block that it does not have', () => {
    expect(asked('order')).toMatchObject({ recipe: { windowLength: 64, scope: 'last:3' } });
    expect(asked('strategies')).toMatchObject({ scopes: ['full', 'all', 'last:3', 'first:3', 'middle:3'] });
  });

  it('sweeps over the last blocks, from one to all', () => {
    expect(asked('strategies', {}, { isSweep: true })).toMatchObject({
      scopes: ['last:1', 'last:2', 'last:3'],
    });
  });

  it.each(KINDS)('comes again from an earlier request of "%s"', (kind) => {
    const earlier = asked(kind, {}, { maxNewTokens: 17, strengths: [0.2, 0.3], sizes: [8, 4], epochs: 3 })!;
    expect(asked(kind, {}, settingsFrom(earlier))).toEqual(earlier);
  });
});

it('is told in words, with the names of models and texts', () => {
  const library = {
    models: [{ folder: '/model', name: 'Tiny' }],
    texts: [{ file: '/sea.txt', name: 'Sea' }],
  };
  const facts = requestFacts(asked('domains')!, library);
  expect(facts).toContainEqual({ name: 'Model', value: 'Tiny' });
  expect(facts).toContainEqual({ name: 'Texts', value: 'Sea, /forest.txt' });
  expect(requestFacts(asked('rank-origin')!, library)).toContainEqual({
    name: 'After',
    value: 'epoch 1, step 4',
  });
});
