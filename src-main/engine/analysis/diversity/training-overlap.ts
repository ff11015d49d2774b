/**
 * What a text has copied: the longest run of consecutive tokens that also stands in one of the training windows, in
 * tokens. Carlsson et al. call it dataset overlap and report its mean and maximum over texts of 96 tokens; their exact
 * definition is inferred from summaries of the paper.
 */
import { mean } from './mean.ts';
import { SuffixArray } from './suffix-array.ts';

export interface Overlap {
  /** Tokens in the run. */
  readonly length: number;
  /** Where the run begins in the text. */
  readonly start: number;
  /** Where the run first stands in the training data, both counted from 0; null where nothing was copied. */
  readonly source: { readonly window: number; readonly offset: number } | null;
}

export class TrainingOverlap {
  readonly #training: SuffixArray;

  constructor(windows: readonly ArrayLike<number>[]) {
    this.#training = new SuffixArray(windows);
  }

  /** The longest run; of several equally long ones, the first in the text. */
  longest(text: readonly number[]): Overlap {
    let [length, start] = [0, 0];
    for (let from = 0; from + length < text.length; from++) {
      const match = this.#training.longestMatch(text, from);
      if (match > length) [length, start] = [match, from];
    }
    if (length === 0) return { length, start, source: null };
    return { length, start, source: this.#training.firstOccurrence(text, start, start + length) ?? null };
  }
}

/** Mean and largest length in tokens; 0 of nothing. */
export function summarizeOverlaps(overlaps: readonly Overlap[]): {
  readonly mean: number;
  readonly max: number;
} {
  const lengths = overlaps.map(({ length }) => length);
  return { mean: mean(lengths), max: Math.max(0, ...lengths) };
}
