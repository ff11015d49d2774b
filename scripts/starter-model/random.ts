/**
 * A small seeded random source, so that a seed names one corpus on every machine.
 * The generator is sfc32 (Chris Doty-Humphrey's "Small Fast Counter", 32 bits, period of at least 2^32).
 */

/** Gives a number in [0, 1) on every call. */
export type Random = () => number;

export function createRandom(seed: number): Random {
  let a = seed | 0;
  let b = 0x9e3779b9;
  let c = 0x243f6a88;
  let counter = 1;
  const next = (): number => {
    const result = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return (result >>> 0) / 2 ** 32;
  };
  // Neighbouring seeds start in neighbouring states: the first draws mix them apart.
  for (let draw = 0; draw < 15; draw++) next();
  return next;
}

/** A whole number from 0 to limit - 1. */
export function below(random: Random, limit: number): number {
  return Math.floor(random() * limit);
}

export function chance(random: Random, probability: number): boolean {
  return random() < probability;
}

export function pick<Item>(random: Random, items: readonly Item[]): Item {
  const item = items[below(random, items.length)];
  if (item === undefined) throw new Error('There is nothing to pick from an empty list.');
  return item;
}

/** Draws `count` different items, in random order. */
export function sample<Item>(random: Random, items: readonly Item[], count: number): Item[] {
  const rest = [...items];
  const drawn: Item[] = [];
  while (drawn.length < count && rest.length > 0) drawn.push(...rest.splice(below(random, rest.length), 1));
  return drawn;
}
