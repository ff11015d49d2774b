/**
 * What experiments that train are asked where nobody says otherwise, on the page and on the command line. With the model that
 * comes with the lab each is over within five minutes on two cores, and shows what it is to show.
 */
import type { Recipe } from './endpoints/recipes.ts';

export const TRAINING_EXPERIMENTS = {
  /** This recipe with these changes: short windows, so that a text gives many to measure with. */
  recipe: 'try-it-now',
  changes: { windows: 32, windowLength: 128, epochs: 30 },
  /** A window has room for both, so what people wrote can be measured alike. */
  texts: 16,
  promptTokens: 32,
  maxNewTokens: 96,
  scopes: ['full', 'all', 'last:5', 'first:5', 'middle:5'],
  sizes: [64, 32, 16, 8, 4],
  orders: 4,
} as const satisfies {
  readonly recipe: string;
  readonly changes: Partial<Recipe>;
  readonly [other: string]: unknown;
};
