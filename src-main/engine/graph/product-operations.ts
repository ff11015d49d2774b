/**
 * How much a graph computes: multiplications and additions of its matrix products, by their shapes. All else is small
 * beside them in number, though not always in time: the share of a machine's best products that a step reaches tells how much.
 */
import { type Graph, topologicalOrder } from './graph.ts';
import { elementCount, type Value } from './value.ts';

/**
 * Each product once, as often as the graph says; optimize the graph before to count what a runtime is given. Attention over a
 * cache, which only writing has, is not counted: how much of the cache it sees is known when it runs.
 */
export function productOperations(graph: Graph): number {
  return topologicalOrder([...graph.outputs.values()]).reduce((sum, value) => sum + operationsOf(value), 0);
}

/** Of a product [… m, k] · [… k, n]: a multiplication and an addition for each of k, for every number of the result. */
function operationsOf({ operation, inputs, shape }: Value): number {
  if (operation.kind !== 'matmul') return 0;
  const inner = inputs[0]!.shape.at(operation.transposeA ? -2 : -1)!;
  return 2 * inner * elementCount(shape);
}
