/** A recipe from the command line: a named one, and what is written beside it. */
import { z } from 'zod';
import { LabError } from '../engine/errors.ts';
import { findRecipe, type Recipe, recipeSchema, settingsFor } from '../engine/training/recipe.ts';
import { number, type Options, text, type Values, wholeNumber } from './command.ts';

export const RECIPE_OPTIONS = {
  recipe: {
    type: 'string',
    takes: 'NAME',
    help: 'settings to begin with: quick (usual), try-it-now, carlsson-2025-paper, carlsson-2025-code, li-2026-late-stage',
  },
  scope: {
    type: 'string',
    takes: 'SCOPE',
    help: 'what learns: full, or adapters on all, last:K, first:K, middle:K or blocks:a,b-c',
  },
  rank: { type: 'string', takes: 'N', help: 'rank of the adapters (16)' },
  alpha: { type: 'string', takes: 'X', help: 'adapters are scaled by alpha / rank (2 × rank)' },
  'target-modules': {
    type: 'string',
    takes: 'A,B',
    help: 'linear modules with adapters, such as q_proj,v_proj (all)',
  },
  optimizer: { type: 'string', takes: 'NAME', help: 'adam or adamw' },
  lr: { type: 'string', takes: 'X', help: 'learning rate' },
  'weight-decay': { type: 'string', takes: 'X', help: 'of adamw' },
  schedule: { type: 'string', takes: 'NAME', help: 'of the learning rate: constant, warmup or cosine' },
  'warmup-steps': { type: 'string', takes: 'N', help: 'updates over which the rate rises' },
  'gradient-clipping': {
    type: 'string',
    takes: 'X',
    help: 'largest norm of all gradients together (never clipped)',
  },
  epochs: { type: 'string', takes: 'N', help: 'how often the text is gone through' },
  batch: { type: 'string', takes: 'N', help: 'token windows per update' },
  'micro-batch': {
    type: 'string',
    takes: 'N',
    help: 'windows of an update that are computed at a time: fewer take less memory (all of them)',
  },
  'recompute-attention': {
    type: 'boolean',
    help: 'compute attention twice instead of keeping it: less memory for long windows, a little slower',
  },
  windows: { type: 'string', takes: 'N', help: 'token windows to train on at most' },
  'window-length': { type: 'string', takes: 'N', help: 'tokens per window' },
  'window-order': { type: 'string', takes: 'NAME', help: 'which windows are taken: random or first' },
  'held-out': { type: 'string', takes: 'N', help: 'windows kept for measuring (a tenth, 128 at most)' },
  seed: { type: 'string', takes: 'N', help: 'of the choice of windows, their order and new adapters' },
  'order-seed': { type: 'string', takes: 'N', help: 'of the order of the windows alone (that of --seed)' },
  samples: { type: 'string', takes: 'N', help: 'texts written along the way' },
  'samples-every': {
    type: 'string',
    takes: 'N',
    help: 'epochs between two writings of them (as often as it takes little time)',
  },
  'stop-at-loss': {
    type: 'string',
    takes: 'X',
    help: 'stop once the training loss is below it for two epochs',
  },
  'stop-at-accuracy': {
    type: 'string',
    takes: 'X',
    help: 'stop once this share of the tokens is predicted right, 0 to 1',
  },
  'no-prefix-cache': { type: 'boolean', help: 'run the frozen blocks at every update: slower, no file' },
  'cache-precision': {
    type: 'string',
    takes: 'NAME',
    help: "of the file of the frozen blocks' output: float32, or float16, which takes half the room and rounds (float32)",
  },
  'keep-every-epoch': { type: 'boolean', help: 'keep the trained weights of every epoch' },
} as const satisfies Options;

const STOP_AFTER_EPOCHS = 2;

/** What is meant where no recipe is named. */
export interface UsualRecipe {
  readonly recipe: string;
  readonly changes: Partial<Recipe>;
}

export function readRecipe(
  values: Values,
  usual: UsualRecipe = { recipe: 'quick', changes: {} },
): { recipe: Recipe; name: string } {
  const asked = text(values, 'recipe');
  const named = findRecipe(asked ?? usual.recipe);
  const changes = asked === undefined ? usual.changes : {};
  const whole = z.number().int().nonnegative();
  const rank = number(values, 'rank', wholeNumber);
  const scope = text(values, 'scope') ?? named.settings.scope;
  const stopAtLoss = number(values, 'stop-at-loss');
  const modules = text(values, 'target-modules');
  const written = {
    rank,
    alpha: number(values, 'alpha') ?? (rank === undefined ? undefined : 2 * rank),
    targetModules: modules === undefined || modules === 'all' ? modules : modules.split(','),
    optimizer: text(values, 'optimizer'),
    learningRate: number(values, 'lr', z.number().positive()),
    weightDecay: number(values, 'weight-decay'),
    schedule: text(values, 'schedule'),
    warmupSteps: number(values, 'warmup-steps', whole),
    gradientClipping: number(values, 'gradient-clipping'),
    epochs: number(values, 'epochs', wholeNumber),
    batch: number(values, 'batch', wholeNumber),
    recomputeAttention: values['recompute-attention'],
    microBatch: number(values, 'micro-batch', wholeNumber),
    windows: number(values, 'windows', wholeNumber),
    windowLength: number(values, 'window-length', wholeNumber),
    windowOrder: text(values, 'window-order'),
    heldOut: number(values, 'held-out', whole),
    seed: number(values, 'seed', whole),
    orderSeed: number(values, 'order-seed', whole),
    samples: number(values, 'samples', whole),
    samplesEvery: number(values, 'samples-every', wholeNumber),
    stopAtLoss: stopAtLoss === undefined ? undefined : { loss: stopAtLoss, epochs: STOP_AFTER_EPOCHS },
    stopAtAccuracy: number(values, 'stop-at-accuracy'),
    prefixCache: values['no-prefix-cache'] === true ? false : undefined,
    cachePrecision: text(values, 'cache-precision'),
    keepEveryEpoch: values['keep-every-epoch'],
  };
  const given = Object.fromEntries(Object.entries(written).filter(([, value]) => value !== undefined));
  const parsed = recipeSchema.safeParse({ ...settingsFor(named, scope), ...changes, ...given });
  if (parsed.success) return { recipe: parsed.data, name: named.name };
  const { path, message } = parsed.error.issues[0]!;
  throw new LabError('bad-argument', `The setting ${path.join('.')} cannot be used: ${message}.`, {
    field: path.join('.'),
  });
}
