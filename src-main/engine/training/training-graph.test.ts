/** What a scope leaves out of a step, and what a step's memory depends on. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { recognizeArchitecture } from '../architectures/recognize.ts';
import { evaluate } from '../graph/evaluate.ts';
import { topologicalOrder } from '../graph/graph.ts';
import { peakBytes } from '../graph/memory.ts';
import { optimize } from '../graph/optimize.ts';
import { elementCount, sameShape, type Value } from '../graph/value.ts';
import { findRecipe, type Recipe } from './recipe.ts';
import { parseScope } from './scope.ts';
import { planTraining, trainingGraph } from './training-graph.ts';

const CONFIG = path.join(import.meta.dirname, '../../../tests/golden/fixtures/llama/config.json');
const architecture = recognizeArchitecture(JSON.parse(readFileSync(CONFIG, 'utf8')));
const { settings } = findRecipe('quick');

function step(scope: string, changes: Partial<Recipe> = {}, length = 18) {
  const recipe = { ...settings, ...changes };
  const plan = planTraining(architecture, parseScope(scope, architecture.geometry), recipe);
  const { graph, trainables } = trainingGraph(plan, { batch: 3, length });
  const optimized = optimize(graph);
  return { graph: optimized, trainables, plan, order: topologicalOrder([...optimized.outputs.values()]) };
}

const products = (order: readonly Value[]) => order.filter(({ operation }) => operation.kind === 'matmul');

it('takes no gradient further back than the first block that learns', () => {
  const { graph, order, plan } = step('last:2');
  const usesOf = (block: number) => {
    const weight = graph.inputs.get(`${architecture.blockPath(block)}.self_attn.q_proj.weight`)!;
    return products(order).filter(({ inputs }) => inputs.includes(weight)).length;
  };
  // On the way there; and in later blocks on the way back.
  expect(usesOf(plan.firstBlock)).toBe(1);
  expect(usesOf(plan.firstBlock + 1)).toBe(2);
});

it('gives what is frozen no gradient', () => {
  const { graph, trainables, order } = step('all');
  const gradients = [...graph.outputs.keys()].filter((name) => name.startsWith('gradient '));
  expect(gradients).toEqual([...trainables.keys()].map((name) => `gradient ${name}`));
  const frozen = [...graph.inputs].filter(([name, { shape }]) => shape.length === 2 && !trainables.has(name));
  expect(frozen.length).toBeGreaterThan(0);
  // A matrix's gradient is a product of its own shape, and that of a norm's gains a sum over all tokens.
  for (const [name, { shape }] of frozen)
    expect([name, products(order).filter((one) => sameShape(one.shape, shape)).length]).toEqual([name, 0]);
  expect(order.filter(({ operation }) => operation.kind === 'sum' && String(operation.axes) === '0')).toEqual(
    [],
  );
});

it.each(['full', 'last:2'])('learns the same with attention computed twice, for %s', (scope) => {
  const [kept, again] = [step(scope), step(scope, { recomputeAttention: true })].map(({ graph }) => {
    const numbers = (name: string) => {
      const { shape, type } = graph.inputs.get(name)!;
      const count = elementCount(shape);
      if (type === 'int32') return Int32Array.from({ length: count }, (_, index) => (index * 7) % 300);
      return Float64Array.from({ length: count }, (_, index) => Math.sin(index * name.length) / 5);
    };
    return evaluate([...graph.outputs.values()], numbers);
  });
  for (const [output, numbers] of kept!.entries())
    for (const [place, number] of numbers.entries()) expect(again![output]![place]).toBeCloseTo(number, 12);
});

it.each(['full', 'all'])(
  'takes less memory for long windows with attention computed twice, for %s',
  (scope) => {
    const [kept, again] = [false, true].map((recomputeAttention) => step(scope, { recomputeAttention }, 200));
    const { blocks, heads } = architecture.geometry;
    const probabilities = 4 * 3 * heads * (128 * 128 + 72 * 200);
    // Those of one block are there at a time.
    expect(peakBytes(kept!.graph) - peakBytes(again!.graph)).toBeGreaterThan(
      0.7 * (blocks - 1) * probabilities,
    );
  },
);
