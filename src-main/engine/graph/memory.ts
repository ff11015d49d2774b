/**
 * Memory that one run of a graph needs at once, known before it runs: the values are walked in the order of computing;
 * each takes its room when it is computed and gives it back after its last use. Weights and results belong to the
 * caller and are not counted.
 */
import { type Graph, topologicalOrder } from './graph.ts';
import { lifetimesOf } from './lifetimes.ts';
import { elementCount, type OperationKind, type Value } from './value.ts';

const BYTES_PER_NUMBER = 4;

/** They show the numbers of their operand in another way. */
const VIEWS: ReadonlySet<OperationKind> = new Set(['reshape', 'after', 'withGradient']);
/** Runtimes write their result over an operand that nothing else needs. */
const IN_PLACE: ReadonlySet<OperationKind> = new Set([
  'negate',
  'exp',
  'log',
  'sqrt',
  'tanh',
  'sigmoid',
  'add',
  'subtract',
  'multiply',
  'divide',
  'softmax',
  'addAtPick',
]);

/** Bytes of all values between a graph's inputs and outputs that are alive at the same time, at most. */
export function peakBytes(graph: Graph): number {
  const order = topologicalOrder([...graph.outputs.values()]);
  const { owners, lastUse } = lifetimesOf(order, VIEWS);
  const outside = new Set(
    [...graph.inputs.values(), ...graph.outputs.values()].map((one) => owners.get(one)!),
  );
  let [alive, peak] = [0, 0];
  for (const [place, value] of order.entries()) {
    if (owners.get(value) !== value) {
      free(value, place);
      continue;
    }
    const bytes = sizeOf(value);
    const overwrites =
      IN_PLACE.has(value.operation.kind) &&
      value.inputs.some((operand) => endsAt(operand, place) && sizeOf(owners.get(operand)!) === bytes);
    alive += bytes;
    peak = Math.max(peak, overwrites ? alive - bytes : alive);
    free(value, place);
  }
  return peak;

  function sizeOf(value: Value): number {
    return outside.has(value) ? 0 : elementCount(value.shape) * BYTES_PER_NUMBER;
  }

  function endsAt(operand: Value, place: number): boolean {
    return lastUse.get(owners.get(operand)!) === place;
  }

  function free(value: Value, place: number): void {
    for (const owner of new Set(value.inputs.map((operand) => owners.get(operand)!)))
      if (lastUse.get(owner) === place) alive -= sizeOf(owner);
  }
}
