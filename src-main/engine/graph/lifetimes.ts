/** Whose memory each value of a graph lies in, and where in the order of computing that memory is read last. */
import type { OperationKind, Value } from './value.ts';

export interface Lifetimes {
  /** Of each value: itself, or whose numbers it shows. */
  readonly owners: Map<Value, Value>;
  /** Of each owner that is read: the place of its last reader in the order. */
  readonly lastUse: Map<Value, number>;
}

/**
 * @param order every value after those that it is computed from
 * @param views operations whose result lies in the memory of their first operand
 */
export function lifetimesOf(order: readonly Value[], views: ReadonlySet<OperationKind>): Lifetimes {
  const owners = new Map<Value, Value>();
  for (const value of order)
    owners.set(value, views.has(value.operation.kind) ? owners.get(value.inputs[0]!)! : value);
  const lastUse = new Map<Value, number>();
  for (const [place, value] of order.entries())
    for (const operand of value.inputs) lastUse.set(owners.get(operand)!, place);
  return { owners, lastUse };
}
