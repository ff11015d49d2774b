/** Order where nothing else asks for it: what is written over must be read before, what is large must not be there early. */
import { Value } from './value.ts';

/** x itself, but not before the others are computed; what needs it may write over what they have read. */
export function after(x: Value, others: readonly (Value | undefined)[]): Value {
  const awaited = others.filter((other) => other !== undefined);
  return awaited.length === 0 ? x : new Value({ kind: 'after' }, [x, ...awaited], x.shape, x.type);
}
