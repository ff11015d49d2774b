/** What the stories leave to chance: a coin, one item of a list, several. */
import type { Random } from '../../src-main/engine/random.ts';

export function chance(random: Random, probability: number): boolean {
  return random.uniform() < probability;
}

export function pick<Item>(random: Random, items: readonly Item[]): Item {
  const item = items[random.below(items.length)];
  if (item === undefined) throw new Error('There is nothing to pick from an empty list.');
  return item;
}

/** Draws `count` different items, in random order; all of them where there are fewer. */
export function sample<Item>(random: Random, items: readonly Item[], count: number): Item[] {
  const rest = [...items];
  const drawn: Item[] = [];
  while (drawn.length < count && rest.length > 0) drawn.push(...rest.splice(random.below(rest.length), 1));
  return drawn;
}
