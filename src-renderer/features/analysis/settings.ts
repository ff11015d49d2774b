/** What experiments are computed with where nobody says otherwise: fitting for the model that comes with the lab. */
import type {
  ExperimentKind,
  ExperimentRequest,
} from '../../../src-preload/contract/endpoints/experiments.ts';

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

/** Of the models that are trained anew, with fewer epochs. */
export const RECIPE = 'try-it-now';

/** As Li et al. 2026 did, by summaries of the paper: 500 tokens, strengths from 0.01 to 0.5. The steps between are the lab's. */
const INJECTION = { topTokens: 500, strengths: [0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5] };

const COMMON: Settings = {
  texts: 32,
  promptTokens: 32,
  maxNewTokens: 96,
  seed: 1,
  ...INJECTION,
  isSweep: false,
  sizes: [32, 16, 8],
  orders: 4,
  epochs: 10,
};

const OWN: Partial<Record<ExperimentKind, Partial<Settings>>> = {
  'ttr-position': { texts: 8, maxNewTokens: 448 },
  strategies: { texts: 16 },
  'data-size': { texts: 16 },
  order: { texts: 16 },
  domains: { texts: 8 },
};

/** Parts of the model that "which layers" compares; blocks as far as there are any. */
export const PLACES = ['full', 'all', 'last:5', 'first:5', 'middle:5'];

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
