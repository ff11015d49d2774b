/**
 * The citation blocker of Carlsson et al. 2025, which keeps a hyperfitted model from reciting its training text.
 *
 * As reviews of the paper report it (its code was not published): at every step, look whether the last 5 generated
 * tokens occur in the training data; if so, the probability of the training continuation is set to zero "as soon as the
 * current word is completed".
 *
 * The reading chosen here: a continuation is forbidden where its token would begin a new word, so a word that has been
 * begun may be completed. Every continuation that the run has anywhere in the training data is forbidden. Tokens that
 * begin no word (word endings, punctuation) are never forbidden; only generated tokens count, not those of the prompt.
 */
import { SuffixArray } from '../analysis/diversity/suffix-array.ts';

/** Generated tokens that must stand in the training data for their continuation to be forbidden. */
export const BLOCKED_AFTER_TOKENS = 5;

const NONE: ReadonlySet<number> = new Set();

export class CitationBlocker {
  readonly #training: SuffixArray;
  readonly #startsWord: (id: number) => boolean;
  readonly #k: number;

  /**
   * @param trainingWindows token ids; runs that cross windows are not citations
   * @param startsWord whether a token begins a new word
   * @param k generated tokens that must match
   */
  constructor(
    trainingWindows: readonly (readonly number[] | Int32Array)[],
    startsWord: (id: number) => boolean,
    k = BLOCKED_AFTER_TOKENS,
  ) {
    this.#training = new SuffixArray(trainingWindows);
    this.#startsWord = startsWord;
    this.#k = k;
  }

  /** Tokens that may not follow what was generated so far (without the prompt). */
  forbidden(generated: readonly number[]): ReadonlySet<number> {
    const end = generated.length;
    if (end < this.#k) return NONE;
    const continuations = this.#training.continuations(generated, end - this.#k, end);
    return new Set([...continuations].filter(this.#startsWord));
  }
}
