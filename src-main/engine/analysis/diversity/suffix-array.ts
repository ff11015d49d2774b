/**
 * All runs of tokens that occur in the training windows, findable in O(log size) comparisons: a suffix array (Manber and
 * Myers 1993), the places of all tokens sorted by the text that begins there. It holds 8 bytes per training token, is
 * exact for runs of every length, and stays fast where a text repeats itself. Runs do not cross windows.
 */

/** Ends every window in the flat tokens, where token t stands as t + 1. */
const SEPARATOR = 0;

export class SuffixArray {
  /** The windows one after the other, each ended by a separator. */
  readonly #flat: Int32Array;
  /** Where each window begins in it. */
  readonly #starts: Int32Array;
  readonly #order: Int32Array;

  /** @param windows token ids, at least 0 each */
  constructor(windows: readonly ArrayLike<number>[]) {
    this.#starts = new Int32Array(windows.length);
    this.#flat = new Int32Array(windows.reduce((sum, { length }) => sum + length + 1, 0));
    let place = 0;
    let longest = 0;
    for (const [index, window] of windows.entries()) {
      this.#starts[index] = place;
      for (let offset = 0; offset < window.length; offset++) this.#flat[place++] = window[offset]! + 1;
      this.#flat[place++] = SEPARATOR;
      longest = Math.max(longest, window.length);
    }
    this.#order = sortedSuffixes(this.#flat, longest);
  }

  /** Length of the longest run from `start` on in the text that occurs, in tokens. */
  longestMatch(text: ArrayLike<number>, start: number): number {
    const at = this.#bound(text, start, text.length, 'first');
    const before = at === 0 ? 0 : this.#agreement(this.#order[at - 1]!, text, start, text.length);
    const after = at === this.#order.length ? 0 : this.#agreement(this.#order[at]!, text, start, text.length);
    return Math.max(before, after);
  }

  /** Where text[start … end) occurs for the first time; undefined where it never does. */
  firstOccurrence(
    text: ArrayLike<number>,
    start: number,
    end: number,
  ): { readonly window: number; readonly offset: number } | undefined {
    const places = this.#occurrences(text, start, end);
    if (places.length === 0) return undefined;
    const place = places.reduce((first, other) => Math.min(first, other));
    const window = lastNotAbove(this.#starts, place);
    return { window, offset: place - this.#starts[window]! };
  }

  /** Tokens that follow text[start … end) somewhere, rising. */
  continuations(text: ArrayLike<number>, start: number, end: number): Set<number> {
    const result = new Set<number>();
    for (const place of this.#occurrences(text, start, end)) {
      const next = this.#flat[place + end - start]!;
      if (next !== SEPARATOR) result.add(next - 1);
    }
    return result;
  }

  #occurrences(text: ArrayLike<number>, start: number, end: number): Int32Array {
    return this.#order.subarray(
      this.#bound(text, start, end, 'first'),
      this.#bound(text, start, end, 'after-last'),
    );
  }

  /** Position in the order of the first suffix that begins with text[start … end), or after the last that does. */
  #bound(text: ArrayLike<number>, start: number, end: number, which: 'first' | 'after-last'): number {
    let low = 0;
    let high = this.#order.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const place = this.#order[middle]!;
      const same = this.#agreement(place, text, start, end);
      const precedes =
        start + same === end ? which === 'after-last' : this.#flat[place + same]! < text[start + same]! + 1;
      if (precedes) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Tokens in which the training text from `place` on and text[start … end) agree. */
  #agreement(place: number, text: ArrayLike<number>, start: number, end: number): number {
    let same = 0;
    while (start + same < end && this.#flat[place + same] === text[start + same]! + 1) same++;
    return same;
  }
}

/** Places of the flat tokens, sorted by their first `longest` tokens or more, by prefix doubling. */
function sortedSuffixes(flat: Int32Array, longest: number): Int32Array {
  const size = flat.length;
  const largest = flat.reduce((most, token) => Math.max(most, token), 0);
  let order = sortedByKey(
    Int32Array.from({ length: size }, (_, place) => place),
    flat,
    largest,
  );
  let rank = denseRanks(order, flat, 0);
  for (let length = 1; length < longest; length *= 2) {
    const highest = rank[order[size - 1]!]!;
    if (highest === size - 1) break;
    // By the second half first: suffixes without one lead, then those whose second half comes first in the order.
    const bySecond = new Int32Array(size);
    let filled = 0;
    for (let place = size - length; place < size; place++) bySecond[filled++] = place;
    for (const place of order) if (place >= length) bySecond[filled++] = place - length;
    order = sortedByKey(bySecond, rank, highest);
    rank = denseRanks(order, rank, length);
  }
  return order;
}

/** Counting sort: the places by their keys from 0 to `highest`, equal keys in the order given. */
function sortedByKey(places: Int32Array, key: Int32Array, highest: number): Int32Array {
  const next = new Int32Array(highest + 2);
  for (const value of key) next[value + 1]!++;
  for (let value = 0; value <= highest; value++) next[value + 1]! += next[value]!;
  const sorted = new Int32Array(places.length);
  for (const place of places) sorted[next[key[place]!]!++] = place;
  return sorted;
}

/** By place: how many different suffixes come before it in the order, told apart by their keys here and `length` on. */
function denseRanks(order: Int32Array, key: Int32Array, length: number): Int32Array {
  const rank = new Int32Array(order.length);
  for (let at = 1; at < order.length; at++) {
    const place = order[at]!;
    const before = order[at - 1]!;
    const equal = key[place] === key[before] && key[place + length] === key[before + length];
    rank[place] = rank[before]! + (equal ? 0 : 1);
  }
  return rank;
}

/** Index of the last of the rising numbers that is not above a limit. */
function lastNotAbove(rising: Int32Array, limit: number): number {
  let low = 0;
  let high = rising.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (rising[middle]! <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}
