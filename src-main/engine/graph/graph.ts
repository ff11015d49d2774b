/**
 * A graph: named outputs, and what can be reached from them. `sharing` names outputs that may take over the memory of
 * an input once the run is done (an optimizer's new moment replaces the old one): see `Program.run`.
 */
import { LabError } from '../errors.ts';
import { NO_OPEN_SIZES, type OpenSizes } from './open-sizes.ts';
import type { Value } from './value.ts';

export interface Graph {
  readonly inputs: ReadonlyMap<string, Value>;
  readonly outputs: ReadonlyMap<string, Value>;
  /** Output name → name of the input whose memory it takes over. */
  readonly sharing: ReadonlyMap<string, string>;
  /** Sizes that its inputs have only when it runs. */
  readonly open: OpenSizes;
}

export function buildGraph(
  outputs: Readonly<Record<string, Value>> | ReadonlyMap<string, Value>,
  sharing: Readonly<Record<string, string>> = {},
  open: Readonly<Record<string, number>> = {},
): Graph {
  const named = outputs instanceof Map ? outputs : new Map(Object.entries(outputs));
  const inputs = new Map<string, Value>();
  for (const value of topologicalOrder([...named.values()])) {
    if (value.operation.kind !== 'input') continue;
    const { name } = value.operation;
    if (inputs.has(name))
      throw new LabError('graph-shape', `Two different inputs of a graph are called "${name}".`);
    if (named.has(name))
      throw new LabError('graph-shape', `An input and an output of a graph are both called "${name}".`);
    inputs.set(name, value);
  }
  return {
    inputs,
    outputs: named,
    sharing: new Map(Object.entries(sharing)),
    open: Object.keys(open).length === 0 ? NO_OPEN_SIZES : new Map(Object.entries(open)),
  };
}

/** Every value that the given ones depend on, operands before results: dead code is never visited. */
export function topologicalOrder(outputs: readonly Value[]): Value[] {
  const order: Value[] = [];
  const seen = new Set<Value>();
  // An explicit stack: a deep model would overflow the call stack.
  const stack = [...outputs].reverse().map((value) => ({ value, next: 0 }));
  while (stack.length > 0) {
    const top = stack.at(-1)!;
    if (top.next === 0 && seen.has(top.value)) {
      stack.pop();
      continue;
    }
    seen.add(top.value);
    const operand = top.value.inputs[top.next++];
    if (operand === undefined) {
      order.push(top.value);
      stack.pop();
    } else if (!seen.has(operand)) {
      stack.push({ value: operand, next: 0 });
    }
  }
  return order;
}
