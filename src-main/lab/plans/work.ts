/** How much a run computes, in multiply-adds, and how long that takes at a speed that was measured. */
import type { HowForetold, Seconds, WindowCounts } from '../../../src-preload/contract/endpoints/plans.ts';
import type { Architecture } from '../../engine/architectures/architecture.ts';
import type { ParameterLayout } from '../../engine/model/parameters.ts';
import { multiplyAdds } from '../../engine/training/multiply-adds.ts';
import { type Recipe, windowsMeasuredFirst } from '../../engine/training/recipe.ts';
import { epochsBetweenSamples, samplingTimes } from '../../engine/training/sample-epochs.ts';

/** How fast a model is on this computer: as the check measured it, or as follows from the speed test (rough-speed.ts). */
export interface Speed {
  readonly how: HowForetold;
  /** Multiply-adds. */
  readonly perSecond: number;
  /** Of one more token of all sample texts. */
  readonly secondsPerWrittenToken: number;
  /** At the end of each epoch, besides measuring: the checkpoint, and reading the samples' beginnings. */
  readonly secondsPerEpoch: number;
  /** Before the first step, besides what `Work` counts: opening the model, making its graphs ready. */
  readonly secondsToBegin: number;
  /** Slowest step by fastest: 1 where the computer does nothing else. */
  readonly spread: number;
}

export interface Work {
  /** Updates of the whole run. */
  readonly steps: number;
  /** Multiply-adds of one update, of measuring one window, and of what is done once. */
  readonly step: number;
  readonly window: number;
  readonly once: number;
  /** How often sample texts are written. */
  readonly writings: number;
}

/** What nobody knows beforehand: other programs, heat, texts that differ. */
const SURPRISE = { low: 0.85, high: 1.35 };

export function workOf(
  architecture: Architecture,
  layout: ParameterLayout,
  recipe: Recipe,
  counts: WindowCounts,
): Work {
  const { train, heldOut } = counts;
  const counted = multiplyAdds(architecture, layout, recipe);
  const { learnedWindow, measuredWindow, frozenWindow } = counted;
  const batch = Math.max(1, Math.min(recipe.batch, train));
  const everyTime = recipe.prefixCache ? 0 : frozenWindow;
  return {
    steps: Math.floor(train / batch) * recipe.epochs,
    step: batch * (learnedWindow + everyTime),
    window: measuredWindow + everyTime,
    once: recipe.prefixCache ? (train + heldOut) * frozenWindow : 0,
    writings: samplingTimes(recipe.epochs, epochsBetweenSamples(counted, recipe, counts)),
  };
}

export function secondsOf(
  work: Work,
  recipe: Recipe,
  { train, heldOut }: WindowCounts,
  speed: Speed,
): Seconds {
  const measured = windowsMeasuredFirst(train) + (recipe.epochs + 1) * heldOut;
  const computed = work.steps * work.step + measured * work.window + work.once;
  const written = work.writings * Math.min(1, recipe.samples) * recipe.sampleTokens;
  const seconds =
    computed / speed.perSecond +
    written * speed.secondsPerWrittenToken +
    recipe.epochs * speed.secondsPerEpoch +
    speed.secondsToBegin;
  return {
    low: seconds * SURPRISE.low,
    likely: seconds,
    high: seconds * SURPRISE.high * speed.spread,
  };
}
