/**
 * Memory that a run's process needs at its largest, before it runs. What one step computes is known from its graph
 * (engine/graph/memory.ts); beside it lie the weights, and what learns with its moments and gradients. Fitted on
 * 14 runs of llama models of 2 to 100 million parameters on the CPU; on those it is right within about 10 %.
 */
import type { Architecture } from '../../engine/architectures/architecture.ts';
import { peakBytes } from '../../engine/graph/memory.ts';
import { elementCount, type Shape } from '../../engine/graph/value.ts';
import { allParameters, type ParameterLayout } from '../../engine/model/parameters.ts';
import { microBatchOf } from '../../engine/training/micro-batch.ts';
import { findRecipe, type Recipe } from '../../engine/training/recipe.ts';
import { parseScope } from '../../engine/training/scope.ts';
import { planTraining, trainingGraph } from '../../engine/training/training-graph.ts';

const BYTES = 4;
/** Of a process without a model: Node, onnxruntime and the tokenizer. */
const PROCESS_BYTES = 235e6;
/** What a runtime takes besides; TensorFlow's library alone is larger than all else (two runs of the starter model). */
const RUNTIME_BYTES: Readonly<Record<string, number>> = { tensorflow: 315e6 };
const LATE_STAGE_BLOCKS = 5;

export interface TrainingMemory {
  readonly bytes: number;
  /** Numbers that learn. */
  readonly trainable: number;
}

export function trainingMemory(
  architecture: Architecture,
  layout: ParameterLayout,
  recipe: Recipe,
  runtime = 'cpu',
): TrainingMemory {
  const { geometry } = architecture;
  const plan = planTraining(architecture, parseScope(recipe.scope, geometry), recipe);
  const length = Math.min(recipe.windowLength, geometry.contextLength);
  const batch = microBatchOf(recipe.batch, recipe.microBatch);
  const of = recipe.batch / batch;
  const { graph, trainables } = trainingGraph(plan, { batch, length }, { of, addsUp: of > 1 });
  const trainable = numbersOf(trainables.values());
  const frozen = plan.adapter === undefined ? 0 : frozenInMemory(layout, recipe, plan.firstBlock);
  // Itself, two moments, gradients.
  const learning = 4 * trainable;
  const phases = {
    step: peakBytes(graph) / BYTES,
    /** A copy for the result, and those of reading that are not collected yet: as it was measured. */
    keeping: 3 * trainable,
    writing: 2 * textCache(architecture, recipe, length),
  };
  const largest = Math.max(...Object.values(phases));
  const process = PROCESS_BYTES + (RUNTIME_BYTES[runtime] ?? 0);
  return { bytes: process + BYTES * (frozen + learning + largest), trainable };
}

/** Numbers of the weights that do not learn: all, or where the blocks before run once, those that each step needs. */
function frozenInMemory(layout: ParameterLayout, recipe: Recipe, firstBlock: number): number {
  const needsAll = firstBlock === 0 || recipe.samples > 0 || !recipe.prefixCache;
  if (needsAll) return numbersOf(allParameters(layout).values());
  const blocks = layout.blocks.map((block) => numbersOf(block.values()));
  const learning = sum(blocks.slice(firstBlock));
  // Before there is a step, a block is read while the one before it computes.
  return numbersOf(layout.head.values()) + Math.max(learning, sum(blocks.slice(0, firstBlock).slice(-2)));
}

/** Bytes by scope, with the quick recipe: what a model's card shows. */
export function trainingMemoryByScope(
  architecture: Architecture,
  layout: ParameterLayout,
): Record<string, number> {
  const late = `last:${Math.min(LATE_STAGE_BLOCKS, architecture.geometry.blocks)}`;
  const { settings } = findRecipe('quick');
  return Object.fromEntries(
    ['full', 'all', late].map((scope) => [
      scope,
      trainingMemory(architecture, layout, { ...settings, scope }).bytes,
    ]),
  );
}

/** Numbers of the keys and values that are kept while sample texts are written. */
function textCache({ geometry }: Architecture, recipe: Recipe, length: number): number {
  const { blocks, keyValueHeads, headWidth, contextLength } = geometry;
  const prompt = Math.min(recipe.promptTokens, length - 1);
  const tokens = Math.min(prompt + recipe.sampleTokens, contextLength);
  return recipe.samples * tokens * 2 * blocks * keyValueHeads * headWidth;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function numbersOf(shapes: Iterable<Shape>): number {
  return sum([...shapes].map(elementCount));
}
