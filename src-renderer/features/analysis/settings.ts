/** What experiments are computed with where nobody says otherwise: fitting for the model that comes with the lab. */
import type {
  ExperimentKind,
  ExperimentRequest,
} from '../../../src-preload/contract/endpoints/experiments.ts';
import { TRAINING_EXPERIMENTS } from '../../../src-preload/contract/training-experiments.ts';

export interface Settings {
  readonly texts: number;
  readonly promptTokens: number;
  readonly maxNewTokens: number;
  readonly seed: number;
  readonly topTokens: number;
  readonly strengths: readonly number[];
  /** Adapters on the last 1, 2, … blocks, in place of different parts of the model. */
  readonly isSweep: boolean;
  readonly sizes: readonly number[];
  readonly orders: number;
  readonly epochs: number;
}

/** Of the models that are trained anew. */
export const RECIPE = TRAINING_EXPERIMENTS.recipe;

/** As Li et al. 2026 did, by summaries of the paper: 500 tokens, strengths from 0.01 to 0.5. The steps between are the lab's. */
const INJECTION = { topTokens: 500, strengths: [0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5] };

const COMMON: Settings = {
  texts: 32,
  promptTokens: 32,
  maxNewTokens: 96,
  seed: 1,
  ...INJECTION,
  isSweep: false,
  sizes: TRAINING_EXPERIMENTS.sizes,
  orders: TRAINING_EXPERIMENTS.orders,
  epochs: TRAINING_EXPERIMENTS.changes.epochs,
};

const OWN: Partial<Record<ExperimentKind, Partial<Settings>>> = {
  'ttr-position': { texts: 8, maxNewTokens: 448 },
  strategies: { texts: TRAINING_EXPERIMENTS.texts },
  'data-size': { texts: TRAINING_EXPERIMENTS.texts },
  order: { texts: TRAINING_EXPERIMENTS.texts },
  domains: { texts: TRAINING_EXPERIMENTS.texts },
};

/** Parts of the model that "which layers" compares; blocks as far as there are any. */
export const PLACES = TRAINING_EXPERIMENTS.scopes;

export function defaultSettings(kind: ExperimentKind): Settings {
  return { ...COMMON, ...OWN[kind] };
}

/** As an earlier experiment was set. */
export function settingsFrom(request: ExperimentRequest): Settings {
  const defaults = defaultSettings(request.kind);
  const isSweep = request.kind === 'strategies' && request.scopes.every((scope) => scope.startsWith('last:'));
  const epochs = 'recipe' in request ? request.recipe.epochs : defaults.epochs;
  return { ...defaults, ...request, isSweep, epochs };
}
