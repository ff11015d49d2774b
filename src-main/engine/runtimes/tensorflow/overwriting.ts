/**
 * Whose memory a value lies in. TensorFlow's in-place operations do not ask who else sees the memory that they write to,
 * so a result may take over its first operand's only where this is certain: the memory was made within the program, or
 * belongs to an input that this very output replaces, and nothing reads it later, under whatever name.
 */
import type { Graph } from '../../graph/graph.ts';
import { lifetimesOf } from '../../graph/lifetimes.ts';
import { type OperationKind, sameShape, type Value } from '../../graph/value.ts';

/** Operations whose result may lie in the memory of their first operand: for sizes of 1, TensorFlow copies nothing. */
const VIEWS: ReadonlySet<OperationKind> = new Set([
  'reshape',
  'after',
  'withGradient',
  'transpose',
  'broadcast',
  'slice',
  'pad',
  'concat',
  'sum',
  'max',
]);

export interface Overwriting {
  /** Values that may be written over their first operand. */
  readonly inPlace: ReadonlySet<Value>;
  /** Sums that may be written over one operand, because the other, a scatter that nothing else needs, adds itself. */
  readonly scatters: ReadonlyMap<Value, { readonly table: Value; readonly scatter: Value }>;
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
  const { owners, lastUse } = lifetimesOf(order, VIEWS);
  for (const value of readLater) lastUse.set(owners.get(value)!, order.length);
  const outputs = [...graph.outputs]
    .filter(([, value]) => owners.has(value))
    .map(([name, value]) => ({ name, value, owner: owners.get(value)! }));
  const inPlace = new Set<Value>();
  const scatters = new Map<Value, { table: Value; scatter: Value }>();
  for (const [place, value] of order.entries()) {
    const { operation, inputs } = value;
    if (operation.kind === 'writeTokens' || operation.kind === 'addAtPick') {
      if (isFree(inputs[0]!, value, place)) inPlace.add(value);
    } else if (operation.kind === 'add') {
      const scatter = inputs.find((operand) => operand.operation.kind === 'scatterRows');
      const table = inputs.find((operand) => operand !== scatter);
      if (!scatter || !table || !sameShape(table.shape, scatter.shape)) continue;
      if (isNeededOnce(scatter) && isFree(table, value, place)) scatters.set(value, { table, scatter });
    }
  }
  return { inPlace, scatters, copied: new Set(outputs.filter(isShared).map(({ name }) => name)) };

  function isNeededOnce(value: Value): boolean {
    const uses = order.flatMap(({ inputs }) => inputs).filter((operand) => operand === value);
    return (
      uses.length === 1 && !readLater.includes(value) && !outputs.some((output) => output.value === value)
    );
  }

  /** Whether nothing needs the memory of the operand any more once this value, at this place, is computed. */
  function isFree(operand: Value, value: Value, place: number): boolean {
    const owner = owners.get(operand)!;
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
