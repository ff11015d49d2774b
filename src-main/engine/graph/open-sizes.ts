/**
 * Sizes that are known only when a program runs, so that one program serves batches and texts of any length. In shapes a
 * prime number stands for each: they are then checked and inferred by plain arithmetic like any other, and a product
 * still tells what it was made of.
 */
import type { Shape, Value } from './value.ts';

/** Small enough that the number of elements of a tensor with three of them is exact. */
const PRIMES = [9973, 9967, 9949, 9941, 9931, 9929, 9923, 9907, 9901, 9887, 9883, 9871, 9859, 9857, 9851];

/** Name → the prime that stands for it. */
export type OpenSizes = ReadonlyMap<string, number>;

export const NO_OPEN_SIZES: OpenSizes = new Map();

/** @param taken other sizes that may come with them, which they must not be confused with */
export function openSizes<Name extends string>(
  names: readonly Name[],
  taken: Iterable<number>,
): Readonly<Record<Name, number>> {
  const others = [...taken];
  const free = PRIMES.filter((prime) => others.every((size) => size % prime !== 0));
  if (free.length < names.length) throw new Error('there are not enough primes for the open sizes');
  return Object.fromEntries(names.map((name, index) => [name, free[index]!])) as Record<Name, number>;
}

/** size = factor × the open sizes of these names. */
export function factorize(
  size: number,
  open: OpenSizes,
): { readonly factor: number; readonly names: readonly string[] } {
  let factor = size;
  const names: string[] = [];
  for (const [name, prime] of open) {
    while (factor !== 0 && factor % prime === 0) {
      factor /= prime;
      names.push(name);
    }
  }
  return { factor, names };
}

/**
 * What every size of the graph is in a run on inputs of these shapes. A shape with another number of axes tells nothing;
 * whether shapes fit is for whoever asks to compare.
 */
export function sizesIn(
  { inputs, open }: { readonly inputs: ReadonlyMap<string, Value>; readonly open: OpenSizes },
  given: (input: string) => Shape | undefined,
): (size: number) => number {
  if (open.size === 0) return (size) => size;
  const found = new Map<string, number>();
  const names = new Map([...open].map(([name, prime]) => [prime, name]));
  for (const [input, { shape }] of inputs) {
    for (const [axis, size] of shape.entries()) {
      const name = names.get(size);
      const actual = given(input)?.[axis];
      if (name !== undefined && actual !== undefined && !found.has(name)) found.set(name, actual);
    }
  }
  return (size) => {
    const { factor, names: parts } = factorize(size, open);
    return parts.reduce((product, part) => product * (found.get(part) ?? Number.NaN), factor);
  };
}
