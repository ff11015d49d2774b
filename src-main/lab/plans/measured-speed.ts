/** How fast a model is, from what a check of it has measured. */
import type { Recipe } from '../../engine/training/recipe.ts';
import { type CheckResult, EPOCHS_TRIED } from './check-result.ts';
import type { PlannedModel } from './estimate.ts';
import { type Speed, workOf } from './work.ts';

/** Slowest by fastest step: beyond that, something else disturbed the measurement. */
const LARGEST_SPREAD = 2;

export function measuredSpeed(
  { architecture, layout }: PlannedModel,
  recipe: Recipe,
  { step, epochEnd, writtenToken, windows, measuredWindows, seconds }: CheckResult,
): Speed {
  const work = workOf(architecture, layout, recipe, windows);
  const perSecond = work.step / step.fastest;
  const tried = Math.min(recipe.batch, windows.train);
  const { once, window } = workOf(architecture, layout, recipe, { train: tried, heldOut: measuredWindows });
  const repeated = EPOCHS_TRIED * step.fastest + (EPOCHS_TRIED + 1) * epochEnd.fastest;
  return {
    how: 'checked',
    perSecond,
    secondsPerWrittenToken: writtenToken,
    secondsPerEpoch: Math.max(0, epochEnd.fastest - (measuredWindows * window) / perSecond),
    secondsToBegin: Math.max(0, seconds - repeated - (once + tried * window) / perSecond),
    spread: Math.min(LARGEST_SPREAD, step.slowest / step.fastest),
  };
}
