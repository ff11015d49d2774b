/**
 * The citation blocker of Carlsson et al. 2025, which keeps a hyperfitted model from reciting its training text: look
 * at every step whether the last 5 generated tokens occur in the training data; if so, the training continuation is
 * forbidden, "as soon as the current word is completed" (told by reviews of the paper; its code was not published).
 *
 * Chosen reading: a continuation is forbidden where its token begins a new word, so a word that has been begun may be
 * completed; tokens that begin no word (endings, punctuation) are never forbidden.
 */

/** Generated tokens that must stand in the training data for their continuation to be forbidden. */
export const BLOCKED_AFTER_TOKENS = 5;

export class CitationBlocker {
  readonly #length: number;
  readonly #startsWord: (token: number) => boolean;
  /** Run of tokens → tokens that follow it somewhere in the training data. */
  readonly #continuations = new Map<string, number[]>();

  /** @param startsWord whether a token begins a new word */
  constructor(
    trainingWindows: readonly (readonly number[] | Int32Array)[],
    startsWord: (token: number) => boolean,
    length = BLOCKED_AFTER_TOKENS,
  ) {
    this.#length = length;
    this.#startsWord = startsWord;
    for (const window of trainingWindows) {
      for (let end = length; end < window.length; end++) {
        const key = window.slice(end - length, end).join(' ');
        const known = this.#continuations.get(key);
        if (known === undefined) this.#continuations.set(key, [window[end]!]);
        else if (!known.includes(window[end]!)) known.push(window[end]!);
      }
    }
  }

  /** Tokens that may not follow what was generated so far. */
  forbidden(generated: readonly number[]): number[] {
    if (generated.length < this.#length) return [];
    const continuations = this.#continuations.get(generated.slice(-this.#length).join(' ')) ?? [];
    return continuations.filter(this.#startsWord);
  }
}
