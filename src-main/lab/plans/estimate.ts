/** What a run will need, from the headers of the model's files alone. */
import type { PlanEstimate, WindowCounts } from '../../../src-preload/contract/endpoints/plans.ts';
import type { Architecture } from '../../engine/architectures/architecture.ts';
import { recognizeArchitecture } from '../../engine/architectures/recognize.ts';
import { openModelFolder } from '../../engine/formats/model-folder.ts';
import { elementCount } from '../../engine/graph/value.ts';
import { allParameters, type ParameterLayout, parameterLayout } from '../../engine/model/parameters.ts';
import { usualHeldOut } from '../../engine/text/windows.ts';
import { microBatchOf } from '../../engine/training/micro-batch.ts';
import { prefixCacheBytes } from '../../engine/training/prefix-cache.ts';
import type { Recipe } from '../../engine/training/recipe.ts';
import { parseScope } from '../../engine/training/scope.ts';
import { trainingMemory } from '../models/memory.ts';
import type { Free } from './free.ts';
import { type Speed, secondsOf, type Work, workOf } from './work.ts';

const BYTES = 4;
/** Of a recorded step and of a sample's token, in the run's folder and in the store together. */
const STEP_BYTES = 250;
const WRITTEN_TOKEN_BYTES = 10;

/** What an estimate reads of a model. */
export interface PlannedModel {
  readonly architecture: Architecture;
  readonly layout: ParameterLayout;
  readonly bytesOnDisk: number;
  readonly fingerprint: string;
}

export async function openPlannedModel(path: string): Promise<PlannedModel> {
  const folder = await openModelFolder(path);
  try {
    const architecture = recognizeArchitecture(folder.config);
    const { totalBytes: bytesOnDisk, fingerprint } = folder;
    return { architecture, layout: parameterLayout(architecture), bytesOnDisk, fingerprint };
  } finally {
    await folder.close();
  }
}

/**
 * @param windows null: as many as the recipe asks for
 * @param runtime what it would be computed with
 */
export function estimate(
  model: PlannedModel,
  recipe: Recipe,
  windows: WindowCounts | null,
  free: Free,
  speed: Speed | undefined,
  runtime = 'cpu',
): PlanEstimate {
  const { architecture, layout } = model;
  const scope = parseScope(recipe.scope, architecture.geometry);
  const counts = windows ?? usualCounts(recipe);
  const work = workOf(architecture, layout, recipe, counts);
  const batch = Math.max(1, Math.min(recipe.batch, counts.train));
  const { bytes, trainable } = trainingMemory(architecture, layout, { ...recipe, batch }, runtime);
  const sizes = [...allParameters(layout).values()].map(elementCount);
  return {
    trainableParameters: trainable,
    totalParameters: sizes.reduce((sum, size) => sum + size, 0),
    blocks: scope.kind === 'full' ? null : [...scope.blocks],
    modules: [...new Set(architecture.linearModules.map((path) => path.slice(path.lastIndexOf('.') + 1)))],
    memoryBytes: Math.round(bytes),
    freeMemoryBytes: free.memoryBytes,
    diskBytes: diskBytes(model, recipe, counts, trainable, work),
    cacheBytes: cacheBytes(architecture, recipe, counts),
    freeDiskBytes: free.diskBytes,
    steps: work.steps,
    seconds: speed ? secondsOf(work, recipe, counts, speed) : null,
    how: speed?.how ?? null,
  };
}

/** Of what else could be asked of the same text. */
export function estimateOfChanged(
  model: PlannedModel,
  recipe: Recipe,
  windows: WindowCounts,
  free: Free,
  runtime: string,
): (changed: Recipe) => PlanEstimate {
  return (changed) => {
    // Shorter pieces are more of them.
    const pieces = Math.floor((windows.train * recipe.windowLength) / changed.windowLength);
    const counts = { ...windows, train: Math.min(changed.windows, pieces) };
    return estimate(model, changed, counts, free, undefined, runtime);
  };
}

function usualCounts({ windows, heldOut }: Recipe): WindowCounts {
  return { train: windows, heldOut: heldOut ?? usualHeldOut(windows) };
}

/**
 * Of the run's folder at its largest: when the next checkpoint is written and the one before is still there, or at the end,
 * when the result comes.
 */
function diskBytes(
  { architecture, bytesOnDisk }: PlannedModel,
  recipe: Recipe,
  counts: WindowCounts,
  trainable: number,
  { steps, writings }: Work,
): number {
  const isWhole = parseScope(recipe.scope, architecture.geometry).kind === 'full';
  const trained = trainable * BYTES;
  const checkpoint = 3 * trained;
  const checkpoints = recipe.epochs > 1 ? 2 * checkpoint : checkpoint;
  const result = isWhole ? Math.max(bytesOnDisk, trained) : trained;
  const written = recipe.samples * recipe.sampleTokens * writings;
  return (
    Math.max(checkpoints, checkpoint + result) +
    cacheBytes(architecture, recipe, counts) +
    (recipe.keepEveryEpoch ? recipe.epochs * trained : 0) +
    steps * STEP_BYTES +
    written * WRITTEN_TOKEN_BYTES
  );
}

/** Of the files with what the frozen blocks say of the windows. */
function cacheBytes({ geometry }: Architecture, recipe: Recipe, { train, heldOut }: WindowCounts): number {
  const scope = parseScope(recipe.scope, geometry);
  if (!recipe.prefixCache || scope.kind === 'full' || scope.blocks[0] === 0) return 0;
  const shape = {
    batch: microBatchOf(Math.min(recipe.batch, train), recipe.microBatch),
    length: Math.min(recipe.windowLength, geometry.contextLength),
  };
  return [train, heldOut].reduce(
    (sum, windows) => sum + prefixCacheBytes(windows, shape, geometry.width, recipe.cachePrecision),
    0,
  );
}
