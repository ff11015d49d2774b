/**
 * What a run from the command line will need, found out before anything of it is made. There is no check that tries it, and
 * no store with what earlier ones have measured: how fast the computer is with a small model is measured here, in a moment.
 */
import type {
  FittingChoice,
  PlanEstimate,
  WindowCounts,
} from '../../../src-preload/contract/endpoints/plans.ts';
import type { Products } from '../../engine/runtimes/runtime.ts';
import { measureSpeed, type Speed } from '../../engine/speed/measure-speed.ts';
import type { Recipe } from '../../engine/training/recipe.ts';
import type { Predicted } from '../../engine/training/records.ts';
import type { OpenModel } from '../models/open-model.ts';
import { openRuntimeHere } from '../packs/open-runtime.ts';
import { estimate, estimateOfChanged, type PlannedModel } from './estimate.ts';
import { choicesThatFit, lacking, withFittingBatch } from './fitting.ts';
import type { Free } from './free.ts';
import { roughSpeed } from './rough-speed.ts';

/** For each of products, learning and writing. */
const SECONDS_TO_MEASURE = 0.4;

export interface Preflight {
  /** As asked, or with the batch that fits. */
  readonly recipe: Recipe;
  readonly estimate: PlanEstimate;
  readonly lacks: 'memory' | 'disk' | null;
  /** Where something is lacking: what would fit. */
  readonly choices: readonly FittingChoice[];
}

export interface PreflightOptions {
  readonly free: Free;
  /** Whether the batch may be made smaller where it does not fit. */
  readonly fitsBatch: boolean;
  /** As the run rounds them. */
  readonly products?: Products | undefined;
  readonly signal?: AbortSignal | undefined;
}

export async function preflight(
  { architecture, weights, folder, runtime }: OpenModel,
  asked: Recipe,
  windows: WindowCounts,
  { free, fitsBatch, products, signal }: PreflightOptions,
): Promise<Preflight> {
  const { totalBytes: bytesOnDisk, fingerprint } = folder;
  const model: PlannedModel = { architecture, layout: weights.layout, bytesOnDisk, fingerprint };
  const estimateOf = estimateOfChanged(model, asked, windows, free, runtime.name);
  const recipe = (fitsBatch && withFittingBatch(asked, estimateOf)) || asked;
  const started = performance.now();
  const rough = roughSpeed(model, recipe, await speedOf(runtime.name, products, signal));
  // To measure that is part of beginning.
  const speed = { ...rough, secondsToBegin: rough.secondsToBegin + (performance.now() - started) / 1000 };
  const found = estimate(model, recipe, windows, free, speed, runtime.name);
  const lacks = lacking(found);
  const { blocks } = architecture.geometry;
  return {
    ...{ recipe, estimate: found, lacks },
    choices: lacks === null ? [] : choicesThatFit(recipe, blocks, estimateOf),
  };
}

/** By a runtime of its own, which is closed with all that it holds. */
async function speedOf(
  name: string,
  products: Products | undefined,
  signal: AbortSignal | undefined,
): Promise<Speed> {
  const runtime = await openRuntimeHere(name, { products });
  try {
    return await measureSpeed(runtime, { seconds: SECONDS_TO_MEASURE, signal });
  } finally {
    await runtime.close();
  }
}

/** As the run's folder keeps it. */
export function toPredicted({ memoryBytes, diskBytes, seconds, how }: PlanEstimate): Predicted {
  return { memoryBytes, diskBytes, seconds: seconds?.likely ?? null, how };
}
