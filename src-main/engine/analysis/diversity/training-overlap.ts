/**
 * What a text has copied: the longest run of tokens that also stands in the training windows ("dataset overlap" of
 * Carlsson et al., who give it in tokens; a run is counted within one window). An index of all runs of a few tokens
 * finds where a run may begin; from there it is followed as far as it agrees.
 */

/** Tokens of the runs in the index: shorter overlaps are found by comparing single tokens. */
const SEED_TOKENS = 3;

export interface Overlap {
  /** Tokens in the run. */
  readonly length: number;
  /** Where the run begins in the text. */
  readonly start: number;
  /** Where it stands in the training data. */
  readonly window: number;
  readonly offset: number;
}

export class TrainingOverlap {
  readonly #windows: readonly ArrayLike<number>[];
  /** Runs of SEED_TOKENS → flat places in the training data. */
  readonly #seeds = new Map<string, number[]>();
  readonly #starts: number[] = [];

  constructor(windows: readonly ArrayLike<number>[]) {
    this.#windows = windows;
    let place = 0;
    for (const window of windows) {
      this.#starts.push(place);
      for (let offset = 0; offset + SEED_TOKENS <= window.length; offset++) {
        const key = seedKey(window, offset);
        const places = this.#seeds.get(key);
        if (places) places.push(place + offset);
        else this.#seeds.set(key, [place + offset]);
      }
      place += window.length;
    }
  }

  /** The longest run; of several, the first. Runs of fewer than three tokens count as none (length 0). */
  longest(text: readonly number[]): Overlap {
    let best: Overlap = { length: 0, start: 0, window: 0, offset: 0 };
    for (let start = 0; start + Math.max(SEED_TOKENS, best.length + 1) <= text.length; start++) {
      for (const place of this.#seeds.get(seedKey(text, start)) ?? []) {
        const window = this.#windowOf(place);
        const offset = place - this.#starts[window]!;
        const length = agreement(text, start, this.#windows[window]!, offset);
        if (length > best.length) best = { length, start, window, offset };
      }
    }
    return best;
  }

  #windowOf(place: number): number {
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.#starts[middle]! <= place) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function seedKey(tokens: ArrayLike<number>, start: number): string {
  return `${tokens[start]} ${tokens[start + 1]} ${tokens[start + 2]}`;
}

function agreement(
  text: ArrayLike<number>,
  start: number,
  window: ArrayLike<number>,
  offset: number,
): number {
  let length = 0;
  while (
    start + length < text.length &&
    offset + length < window.length &&
    text[start + length] === window[offset + length]
  )
    length++;
  return length;
}
