/**
 * How much a run computes, in multiply-adds, and how long that takes at a speed that was measured. A token goes once
 * through the matrices of what is frozen, once more on the way back where something before learns, and a third time where
 * the matrix itself learns; adapters are small beside that.
 */

import type { Seconds, WindowCounts } from '../../../src-preload/contract/endpoints/plans.ts';
import type { Architecture } from '../../engine/architectures/architecture.ts';
import { elementCount, type Shape } from '../../engine/graph/value.ts';
import type { ParameterLayout } from '../../engine/model/parameters.ts';
import { type Recipe, WINDOWS_MEASURED_FIRST } from '../../engine/training/recipe.ts';
import { parseScope } from '../../engine/training/scope.ts';

/** What the check measured of a model on this computer. */
export interface Speed {
  /** Multiply-adds. */
  readonly perSecond: number;
  /** Of one more token of all sample texts. */
  readonly secondsPerWrittenToken: number;
  /** At the end of each epoch, besides measuring: the checkpoint, and reading the samples' beginnings. */
  readonly secondsPerEpoch: number;
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
}

/** What nobody knows beforehand: other programs, heat, texts that differ. */
const SURPRISE = { low: 0.85, high: 1.35 };

export function workOf(
  { geometry, blockPath }: Architecture,
  layout: ParameterLayout,
  recipe: Recipe,
  { train, heldOut }: WindowCounts,
): Work {
  const scope = parseScope(recipe.scope, geometry);
  const first = scope.kind === 'full' ? 0 : scope.blocks[0]!;
  const length = Math.min(recipe.windowLength, geometry.contextLength);
  const attention = 2 * length * geometry.heads * geometry.headWidth;
  const perToken = (block: number) => matrixNumbers(layout.blocks[block]!, blockPath(block)) + attention;
  const sum = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => perToken(from + index)).reduce(
      (all, one) => all + one,
      0,
    );
  const prefix = length * sum(0, first);
  const learning = length * (sum(first, geometry.blocks) + geometry.vocabularySize * geometry.width);
  const batch = Math.max(1, Math.min(recipe.batch, train));
  const everyTime = recipe.prefixCache ? 0 : prefix;
  return {
    steps: Math.floor(train / batch) * recipe.epochs,
    step: batch * ((scope.kind === 'full' ? 3 : 2) * learning + everyTime),
    window: learning + everyTime,
    once: recipe.prefixCache ? (train + heldOut) * prefix : 0,
  };
}

export function secondsOf(
  work: Work,
  recipe: Recipe,
  { train, heldOut }: WindowCounts,
  speed: Speed,
): Seconds {
  const measured = Math.min(WINDOWS_MEASURED_FIRST, train) + (recipe.epochs + 1) * heldOut;
  const computed = work.steps * work.step + measured * work.window + work.once;
  const written = (recipe.epochs + 1) * Math.min(1, recipe.samples) * recipe.sampleTokens;
  const seconds =
    computed / speed.perSecond +
    written * speed.secondsPerWrittenToken +
    recipe.epochs * speed.secondsPerEpoch;
  return { low: seconds * SURPRISE.low, high: seconds * SURPRISE.high * speed.spread };
}

/** Numbers of a block's matrices: each is multiplied once with every token. */
function matrixNumbers(shapes: ReadonlyMap<string, Shape>, path: string): number {
  return [...shapes]
    .filter(([name, shape]) => name.startsWith(path) && shape.length === 2)
    .reduce((sum, [, shape]) => sum + elementCount(shape), 0);
}
