/** Order where nothing else asks for it: what is written over must be read before, what is large must not be there early. */
import { add, multiply, reshape, slice } from './ops.ts';
import { elementCount, type Value } from './value.ts';

/** x itself, but in need of the others: nothing is added of one of their numbers. */
export function after(x: Value, others: readonly (Value | undefined)[]): Value {
  return others
    .filter((other) => other !== undefined)
    .reduce((result, other) => add(result, nothingOf(other)), x);
}

function nothingOf(value: Value): Value {
  const first = slice(reshape(value, [elementCount(value.shape)]), 0, 0, 1);
  return multiply(reshape(first, []), 0);
}
