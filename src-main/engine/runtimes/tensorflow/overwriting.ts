/**
 * Whose memory a value lies in. TensorFlow's in-place operations do not ask who else sees the memory that they write to,
 * so a result may take over its first operand's only where this is certain: the memory was made within the program, or
 * belongs to an input that this very output replaces, and nothing reads it later, under whatever name.
 */
import type { Graph } from '../../graph/graph.ts';
import type { OperationKind, Value } from '../../graph/value.ts';

/** Operations whose result may lie in the memory of their first operand: for sizes of 1, TensorFlow copies nothing. */
const VIEWS: ReadonlySet<OperationKind> = new Set([
  'reshape',
  'withGradient',
  'transpose',
  'broadcast',
  'slice',
  'pad',
  'concat',
  'sum',
  'max',
]);
const IN_PLACE: ReadonlySet<OperationKind> = new Set(['writeRows', 'addAtPick']);

export interface Overwriting {
  /** Values that may be written over their first operand. */
  readonly inPlace: ReadonlySet<Value>;
  /** Names of outputs that would lie in memory that is not theirs alone. */
  readonly copied: ReadonlySet<string>;
}

/**
 * @param order values in the order of computing
 * @param readLater those of them that something else reads after all of them
 */
export function planOverwriting(
  order: readonly Value[],
  readLater: readonly Value[],
  graph: Graph,
): Overwriting {
  const owners = new Map<Value, Value>();
  for (const value of order)
    owners.set(value, VIEWS.has(value.operation.kind) ? owners.get(value.inputs[0]!)! : value);
  const lastUse = new Map<Value, number>();
  for (const [place, value] of order.entries())
    for (const operand of value.inputs) lastUse.set(owners.get(operand)!, place);
  for (const value of readLater) lastUse.set(owners.get(value)!, order.length);
  const outputs = [...graph.outputs]
    .filter(([, value]) => owners.has(value))
    .map(([name, value]) => ({ name, value, owner: owners.get(value)! }));
  return {
    inPlace: new Set(order.filter(isFree)),
    copied: new Set(outputs.filter(isShared).map(({ name }) => name)),
  };

  /** Whether nothing needs the memory of the value's first operand but the value itself. */
  function isFree(value: Value, place: number): boolean {
    if (!IN_PLACE.has(value.operation.kind)) return false;
    const owner = owners.get(value.inputs[0]!)!;
    const { operation } = owner;
    if (lastUse.get(owner) !== place || outputs.some((output) => output.owner === owner)) return false;
    if (operation.kind !== 'input') return operation.kind !== 'constant';
    return outputs.some(
      ({ name, value: result }) => result === value && graph.sharing.get(name) === operation.name,
    );
  }

  /** Whether the output is an input or a constant under another name, or an output that there is already. */
  function isShared({ owner }: (typeof outputs)[number], place: number): boolean {
    return owner.inputs.length === 0 || outputs.findIndex((output) => output.owner === owner) !== place;
  }
}
