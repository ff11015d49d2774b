/**
 * The graphs of training. What is frozen before the first block that learns is not in them: it comes in as hidden
 * states, computed once (frozen-prefix.ts). A graph's parameters are inputs under their full names.
 */
import type { Architecture } from '../architectures/architecture.ts';
import { windowAttention } from '../architectures/attention.ts';
import { type AdapterPlan, ModelBuilder } from '../architectures/builder.ts';
import { LabError } from '../errors.ts';
import { probabilityPaths } from '../graph/attention.ts';
import { backward } from '../graph/backward.ts';
import { buildGraph, type Graph } from '../graph/graph.ts';
import { add, input, reshape, slice } from '../graph/ops.ts';
import type { Shape, Value } from '../graph/value.ts';
import { evaluationMeasures, trainingLoss } from './linear-cross-entropy.ts';
import { type PartOfBatch, WHOLE_BATCH } from './micro-batch.ts';
import type { Recipe } from './recipe.ts';
import type { Scope } from './scope.ts';

/** What learns, and where the part of the model that must be run at every step begins. */
export interface TrainingPlan {
  readonly architecture: Architecture;
  /** Undefined when the whole model learns. */
  readonly adapter: AdapterPlan | undefined;
  /** Blocks before this one never change; 0: the graph begins with tokens. */
  readonly firstBlock: number;
  /** Attention's probabilities are computed a second time for the gradient instead of being kept. */
  readonly recomputesAttention: boolean;
}

export interface BatchShape {
  /** Token windows. */
  readonly batch: number;
  /** Tokens per window. */
  readonly length: number;
}

export function planTraining(
  architecture: Architecture,
  scope: Scope,
  {
    rank,
    alpha,
    targetModules,
    recomputeAttention: recomputesAttention = false,
  }: Pick<Recipe, 'rank' | 'alpha' | 'targetModules'> & Partial<Pick<Recipe, 'recomputeAttention'>>,
): TrainingPlan {
  if (scope.kind === 'full') return { architecture, adapter: undefined, firstBlock: 0, recomputesAttention };
  const modules = targetedModules(architecture, targetModules);
  const paths = new Set(
    scope.blocks.flatMap((block) => modules.map((module) => `${architecture.blockPath(block)}.${module}`)),
  );
  return {
    architecture,
    adapter: { rank, scale: alpha / rank, targets: (path) => paths.has(path) },
    firstBlock: Math.min(...scope.blocks),
    recomputesAttention,
  };
}

/** Linear modules whose last name is chosen; "all" takes every linear module of a block. */
export function targetedModules(
  architecture: Architecture,
  chosen: Recipe['targetModules'],
): readonly string[] {
  const { linearModules } = architecture;
  if (chosen === 'all') return linearModules;
  const lastName = (path: string) => path.slice(path.lastIndexOf('.') + 1);
  const unknown = chosen.filter((name) => !linearModules.some((module) => lastName(module) === name));
  if (unknown.length > 0) {
    const known = [...new Set(linearModules.map(lastName))].join(', ');
    throw new LabError(
      'bad-argument',
      `This model has no module "${unknown[0]}". Its linear modules are ${known}.`,
      { unknown },
    );
  }
  return linearModules.filter((module) => chosen.includes(lastName(module)));
}

/**
 * Loss and gradients. Outputs: loss, margins, and "gradient NAME" of each trainable.
 *
 * @param shape of what is computed at a time
 * @param part which of a batch that is
 */
export function trainingGraph(
  plan: TrainingPlan,
  shape: BatchShape,
  part: PartOfBatch = WHOLE_BATCH,
): { graph: Graph; trainables: ReadonlyMap<string, Shape> } {
  const { builder, head, targets } = forward(plan, shape);
  const { loss, margins } = trainingLoss(head, targets, plan.adapter === undefined, part.of);
  const variables = plan.adapter ? builder.adapterMatrices : builder.parameters;
  const recomputed = plan.recomputesAttention ? probabilityPaths([loss]) : undefined;
  const gradients = backward(loss, [...variables.values()], recomputed);
  const outputs = new Map<string, Value>([
    ['loss', loss],
    ['margins', margins],
  ]);
  const sharing: Record<string, string> = {};
  for (const [index, [name, { shape }]] of [...variables].entries()) {
    const gradient = gradients[index]!;
    outputs.set(`gradient ${name}`, part.addsUp ? add(input(`sum ${name}`, shape), gradient) : gradient);
    if (part.addsUp) sharing[`gradient ${name}`] = `sum ${name}`;
  }
  return {
    graph: buildGraph(outputs, sharing),
    trainables: new Map([...variables].map(([name, value]) => [name, value.shape])),
  };
}

/** Outputs for every predicted token: losses, margins, entropies, each [batch · (length − 1), 1]. */
export function evaluationGraph(plan: TrainingPlan, shape: BatchShape): Graph {
  const { head, targets } = forward(plan, shape);
  return buildGraph({ ...evaluationMeasures(head, targets) });
}

/** Input: hidden [batch · length, width] (or tokens) and targets int32 [batch · (length − 1)], each window's tokens but the first. */
function forward({ architecture, adapter, firstBlock }: TrainingPlan, { batch, length }: BatchShape) {
  const { blocks, width } = architecture.geometry;
  const builder = new ModelBuilder(windowAttention(batch, length), adapter);
  let hidden =
    firstBlock === 0
      ? architecture.embed(builder, input('tokens', [batch * length], 'int32'))
      : input('hidden', [batch * length, width]);
  for (let block = firstBlock; block < blocks; block++) {
    hidden = architecture.block(builder.within(architecture.blockPath(block)), block, hidden);
  }
  const predicting = slice(reshape(hidden, [batch, length, width]), 1, 0, length - 1);
  const predictions = batch * (length - 1);
  const head = architecture.head(builder, reshape(predicting, [predictions, width]));
  return { builder, head, targets: input('targets', [predictions], 'int32') };
}
