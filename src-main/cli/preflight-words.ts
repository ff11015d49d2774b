/** What is said of a run before it begins: what it will need, and where that is not there, which words would make it fit. */

import { bytes, durationWords } from '../../src-preload/contract/amount-words.ts';
import type { FittingChoice, PlanEstimate } from '../../src-preload/contract/endpoints/plans.ts';
import { LabError } from '../engine/errors.ts';
import type { Recipe } from '../engine/training/recipe.ts';
import type { Preflight } from '../lab/plans/preflight.ts';

export function needsWords({ memoryBytes, diskBytes, cacheBytes, seconds }: PlanEstimate): string {
  const cache = cacheBytes === 0 ? '' : `, of which ${bytes(cacheBytes)} for the file of the frozen blocks`;
  const time = seconds === null ? '' : `, and take about ${durationWords(seconds.likely)}`;
  return `It will need about ${bytes(memoryBytes)} of memory and ${bytes(diskBytes)} on the disk${cache}${time} (an estimate).`;
}

/** Below this, rounding gains nothing that its price is worth. */
const WORTH_ROUNDING = 1.1;

/** @param gain how many times as fast as exact products rounded ones are */
export function roundingWords(gain: number): string {
  const times = gain.toFixed(gain < 10 ? 1 : 0);
  return gain >= WORTH_ROUNDING
    ? `Products are rounded to bfloat16, ${times} times as fast as exact ones here. Losses differ a little from those of exact ones.`
    : `This processor is no faster with products in bfloat16 (${times} times the speed of exact ones): they gain nothing here. --products float32 is exact.`;
}

/** @throws LabError 'out-of-memory' or 'disk-full' where the run does not fit */
export function refuseWhatLacks({ lacks, estimate, choices, recipe }: Preflight): void {
  if (lacks === null) return;
  const [needed, free, where, remedy] =
    lacks === 'memory'
      ? [estimate.memoryBytes, estimate.freeMemoryBytes, 'of memory', 'Close other programs']
      : [estimate.diskBytes, estimate.freeDiskBytes, 'on the disk', 'Make room there'];
  const words = choices.map((choice) => `${optionWords(choice, recipe)} (${choice.words})`);
  const instead =
    words.length === 0
      ? 'or take a smaller model: no single setting would do'
      : `or choose what fits: ${words.join('; ')}`;
  throw new LabError(
    lacks === 'memory' ? 'out-of-memory' : 'disk-full',
    `This run needs about ${bytes(needed)} ${where}, and ${bytes(free)} are free. ${remedy}, ${instead}. Or begin it as it is, at your risk: --anyway.`,
    {
      neededBytes: needed,
      freeBytes: free,
      choices: choices.map(({ words: said, recipe: of }) => ({ words: said, recipe: of })),
    },
  );
}

const OPTIONS: Partial<Record<keyof Recipe, string>> = {
  batch: 'batch',
  microBatch: 'micro-batch',
  samples: 'samples',
  cachePrecision: 'cache-precision',
  windowLength: 'window-length',
  scope: 'scope',
  windows: 'windows',
};

/** "--batch 4". */
function optionWords({ recipe }: FittingChoice, asked: Recipe): string {
  if (asked.prefixCache && !recipe.prefixCache) return '--no-prefix-cache';
  if (asked.keepEveryEpoch && !recipe.keepEveryEpoch) return 'without --keep-every-epoch';
  const changed = (Object.keys(OPTIONS) as (keyof Recipe)[]).filter(
    (field) => recipe[field] !== asked[field],
  );
  return changed.map((field) => `--${OPTIONS[field]} ${recipe[field]}`).join(' ');
}
