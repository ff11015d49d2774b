/**
 * Products that may be computed in bfloat16: their operands are rounded to 8 significant bits, sums are float32, and the
 * result is rounded again. Processors with instructions for it (avx512_bf16, amx) take little more than half the time.
 */
import { probabilityPaths } from '../../graph/attention.ts';
import { type Graph, topologicalOrder } from '../../graph/graph.ts';
import type { Value } from '../../graph/value.ts';

/** In a product with a shorter side, rounding takes as long as it saves. */
const SHORTEST_SIDE = 64;

/**
 * Large products of two matrices, but for those that probabilities come from: rounded logits would be equal where they are
 * not, and near zero a loss is nothing but what they differ in.
 */
export function roundedProducts(graph: Graph): ReadonlySet<Value> {
  const outputs = [...graph.outputs.values()];
  const exact = probabilityPaths(outputs);
  return new Set(topologicalOrder(outputs).filter((value) => isLarge(value) && !exact.has(value)));
}

function isLarge({ operation, inputs, shape }: Value): boolean {
  if (operation.kind !== 'matmul') return false;
  const sides = [...inputs.flatMap((operand) => operand.shape), ...shape];
  return (
    inputs.every((operand) => operand.shape.length === 2) && sides.every((size) => size >= SHORTEST_SIDE)
  );
}
