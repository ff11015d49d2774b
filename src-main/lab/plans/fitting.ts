/** Where a run does not fit: what else would, of each kind of choice the smallest change. */
import type { FittingChoice, PlanEstimate } from '../../../src-preload/contract/endpoints/plans.ts';
import type { Recipe } from '../../engine/training/recipe.ts';

/** What the computer could not give. */
export function lacking(estimate: PlanEstimate): 'memory' | 'disk' | null {
  if (estimate.memoryBytes > estimate.freeMemoryBytes) return 'memory';
  return estimate.diskBytes > estimate.freeDiskBytes ? 'disk' : null;
}

/**
 * @param blocks of the model
 * @param estimateOf what a changed recipe would need
 */
export function choicesThatFit(
  recipe: Recipe,
  blocks: number,
  estimateOf: (recipe: Recipe) => PlanEstimate,
): FittingChoice[] {
  const kinds = [
    halvings(recipe.microBatch ?? recipe.batch).map((microBatch) =>
      choice({ microBatch }, `${microBatch} of ${recipe.batch} pieces of a step computed at a time (slower)`),
    ),
    recipe.recomputeAttention
      ? []
      : [choice({ recomputeAttention: true }, 'attention computed twice instead of kept (a little slower)')],
    halvings(recipe.batch).map((batch) =>
      choice({ batch }, `${batch} pieces at a time instead of ${recipe.batch}`),
    ),
    halvings(recipe.windowLength, 16).map((windowLength) =>
      choice({ windowLength }, `pieces of ${windowLength} tokens instead of ${recipe.windowLength}`),
    ),
    [
      ...(recipe.scope === 'full'
        ? [choice({ scope: 'all' }, 'adapters on all blocks instead of the whole model')]
        : []),
      ...halvings(blocks).map((size) =>
        choice({ scope: `last:${size}` }, `adapters on the last ${blocksInWords(size)}`),
      ),
    ],
    recipe.prefixCache
      ? [
          choice({ cachePrecision: 'float16' }, 'the file of the frozen blocks in half precision'),
          choice({ prefixCache: false }, 'without the file of the frozen blocks (slower)'),
        ]
      : [],
    recipe.samples > 0 ? [choice({ samples: 0 }, 'without texts written along the way')] : [],
    recipe.keepEveryEpoch ? [choice({ keepEveryEpoch: false }, 'keeping only the last epoch')] : [],
    halvings(recipe.windows).map((windows) =>
      choice({ windows }, `${windows} pieces of text at most instead of ${recipe.windows}`),
    ),
  ];
  return kinds.flatMap((candidates) => {
    for (const { words, changes } of candidates) {
      const changed = { ...recipe, ...changes };
      const needs = estimateOf(changed);
      if (lacking(needs) !== null) continue;
      return [{ words, recipe: changed, memoryBytes: needs.memoryBytes, diskBytes: needs.diskBytes }];
    }
    return [];
  });
}

/**
 * The recipe as it is where it fits; else computed in as few parts of a batch as fit, which gives the same updates; else with
 * the largest batch that fits. Undefined: not even one window does.
 */
export function withFittingBatch(
  recipe: Recipe,
  estimateOf: (recipe: Recipe) => PlanEstimate,
): Recipe | undefined {
  const inParts = halvings(recipe.microBatch ?? recipe.batch).map((microBatch) => ({
    ...recipe,
    microBatch,
  }));
  const smaller = halvings(recipe.batch).map((batch) => ({ ...recipe, batch, microBatch: null }));
  return [recipe, ...inParts, ...smaller].find((changed) => lacking(estimateOf(changed)) === null);
}

function choice(changes: Partial<Recipe>, words: string) {
  return { changes, words };
}

/** Half of it, half of that …, the smallest last. */
function halvings(number: number, smallest = 1): number[] {
  const half = Math.floor(number / 2);
  return half < smallest ? [] : [half, ...halvings(half, smallest)];
}

function blocksInWords(size: number): string {
  return size === 1 ? 'block' : `${size} blocks`;
}
