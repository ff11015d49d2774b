/** What the lab is asked for an experiment, from what a person has chosen. */
import type {
  ExperimentKind,
  ExperimentRequest,
} from '../../../src-preload/contract/endpoints/experiments.ts';
import type { Model } from '../../../src-preload/contract/endpoints/models.ts';
import type { NamedRecipe } from '../../../src-preload/contract/endpoints/recipes.ts';
import type { Run } from '../../../src-preload/contract/endpoints/runs.ts';
import type { TextFile } from '../../../src-preload/contract/endpoints/texts.ts';
import { TRAINING_EXPERIMENTS } from '../../../src-preload/contract/training-experiments.ts';
import { settingsFor } from '../../stores/library.ts';
import { fittedScope } from '../../ui/blocks.ts';
import { PLACES, RECIPE, type Settings } from './settings.ts';

export interface Chosen {
  readonly run: Pick<Run, 'id'> | undefined;
  readonly checkpoint: { readonly step: number; readonly epoch: number } | null;
  readonly model: Pick<Model, 'folder' | 'summary'> | undefined;
  readonly text: Pick<TextFile, 'file'> | undefined;
  readonly several: readonly Pick<TextFile, 'file'>[];
  readonly recipes: readonly NamedRecipe[];
}

/** @returns undefined where something that it needs is not there */
export function requestFor(
  kind: ExperimentKind,
  chosen: Chosen,
  settings: Settings,
): ExperimentRequest | undefined {
  const { run, checkpoint, model, text, several, recipes } = chosen;
  const { texts, promptTokens, maxNewTokens, seed, epochs } = settings;
  const reading = { texts, promptTokens, maxNewTokens };
  const dataFile = text?.file;
  const blocks = model?.summary?.blocks ?? 1;

  switch (kind) {
    case 'learning-curve':
      return run && { kind, run: run.id };
    case 'entropy-match':
    case 'rank-origin':
    case 'geometry':
    case 'copying':
    case 'ttr-position':
      return run && { kind, run: run.id, checkpoint, ...reading, seed };
    case 'static-injection': {
      const { topTokens, strengths } = settings;
      const given = { topTokens, strengths: [...strengths] };
      return run && { kind, run: run.id, checkpoint, ...reading, seed, ...given };
    }
    case 'strategies': {
      const scopes = settings.isSweep ? sweep(blocks) : places(blocks);
      const trained = training('all');
      return trained && dataFile && scopes.length > 1 ? { kind, ...trained, dataFile, scopes } : undefined;
    }
    case 'data-size': {
      const trained = training();
      return trained && dataFile ? { kind, ...trained, dataFile, sizes: [...settings.sizes] } : undefined;
    }
    case 'order': {
      const trained = training();
      return trained && dataFile ? { kind, ...trained, dataFile, orders: settings.orders } : undefined;
    }
    case 'domains': {
      const trained = training();
      const dataFiles = several.map(({ file }) => file);
      return trained && dataFiles.length > 1 ? { kind, ...trained, dataFiles } : undefined;
    }
    default:
      return kind satisfies never;
  }

  function training(scope?: string) {
    const named = recipes.find(({ name }) => name === RECIPE);
    if (!model?.summary || !named) return undefined;
    const { changes } = TRAINING_EXPERIMENTS;
    const recipe = {
      ...settingsFor(named, fittedScope(scope ?? named.settings.scope, blocks)),
      ...changes,
    };
    const windowLength = Math.min(recipe.windowLength, model.summary.contextLength);
    return { modelFolder: model.folder, recipe: { ...recipe, windowLength, epochs }, ...reading };
  }
}

/** In a model with few blocks, some places are the same. */
function places(blocks: number): string[] {
  return [...new Set(PLACES.map((scope) => fittedScope(scope, blocks)))];
}

function sweep(blocks: number): string[] {
  return Array.from({ length: blocks }, (_, place) => `last:${place + 1}`);
}
