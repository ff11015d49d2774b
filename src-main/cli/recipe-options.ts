/** A recipe from the command line: a named one, and what is written beside it. */
import { z } from 'zod';
import { LabError } from '../engine/errors.ts';
import { findRecipe, type Recipe, recipeSchema } from '../engine/training/recipe.ts';
import { number, type Options, text, type Values, wholeNumber } from './command.ts';

export const RECIPE_OPTIONS = {
  recipe: { type: 'string' },
  scope: { type: 'string' },
  rank: { type: 'string' },
  alpha: { type: 'string' },
  'target-modules': { type: 'string' },
  optimizer: { type: 'string' },
  lr: { type: 'string' },
  'weight-decay': { type: 'string' },
  schedule: { type: 'string' },
  'warmup-steps': { type: 'string' },
  'gradient-clipping': { type: 'string' },
  epochs: { type: 'string' },
  batch: { type: 'string' },
  windows: { type: 'string' },
  'window-length': { type: 'string' },
  'window-order': { type: 'string' },
  'held-out': { type: 'string' },
  seed: { type: 'string' },
  samples: { type: 'string' },
  'stop-at-loss': { type: 'string' },
  'stop-at-accuracy': { type: 'string' },
  'no-prefix-cache': { type: 'boolean' },
  'keep-every-epoch': { type: 'boolean' },
} as const satisfies Options;

/** The quick recipe's rate is for whole models; adapters, which begin at zero, are taught faster (lab default). */
const QUICK_ADAPTER_RATE = 5e-3;
const STOP_AFTER_EPOCHS = 2;

export function readRecipe(values: Values): { recipe: Recipe; name: string } {
  const named = findRecipe(text(values, 'recipe') ?? 'quick');
  const whole = z.number().int().nonnegative();
  const rank = number(values, 'rank', wholeNumber);
  const scope = text(values, 'scope') ?? named.settings.scope;
  const quickRate = named.name === 'quick' && scope !== 'full' ? QUICK_ADAPTER_RATE : undefined;
  const stopAtLoss = number(values, 'stop-at-loss');
  const modules = text(values, 'target-modules');
  const written = {
    scope,
    rank,
    alpha: number(values, 'alpha') ?? (rank === undefined ? undefined : 2 * rank),
    targetModules: modules === undefined || modules === 'all' ? modules : modules.split(','),
    optimizer: text(values, 'optimizer'),
    learningRate: number(values, 'lr', z.number().positive()) ?? quickRate,
    weightDecay: number(values, 'weight-decay'),
    schedule: text(values, 'schedule'),
    warmupSteps: number(values, 'warmup-steps', whole),
    gradientClipping: number(values, 'gradient-clipping'),
    epochs: number(values, 'epochs', wholeNumber),
    batch: number(values, 'batch', wholeNumber),
    windows: number(values, 'windows', wholeNumber),
    windowLength: number(values, 'window-length', wholeNumber),
    windowOrder: text(values, 'window-order'),
    heldOut: number(values, 'held-out', whole),
    seed: number(values, 'seed', whole),
    samples: number(values, 'samples', whole),
    stopAtLoss: stopAtLoss === undefined ? undefined : { loss: stopAtLoss, epochs: STOP_AFTER_EPOCHS },
    stopAtAccuracy: number(values, 'stop-at-accuracy'),
    prefixCache: values['no-prefix-cache'] === true ? false : undefined,
    keepEveryEpoch: values['keep-every-epoch'],
  };
  const given = Object.fromEntries(Object.entries(written).filter(([, value]) => value !== undefined));
  const parsed = recipeSchema.safeParse({ ...named.settings, ...given });
  if (parsed.success) return { recipe: parsed.data, name: named.name };
  const { path, message } = parsed.error.issues[0]!;
  throw new LabError('bad-argument', `The setting ${path.join('.')} cannot be used: ${message}.`, {
    field: path.join('.'),
  });
}
