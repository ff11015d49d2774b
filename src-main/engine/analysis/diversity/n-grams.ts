/** Runs of n tokens, the common ground of the measures of repetition and of Self-BLEU. */

/** Above every token id: another number below 2³² and a token then fit into one exact number (below 2⁵³). */
export const TOKEN_LIMIT = 2 ** 21;

/**
 * Numbers n-grams: equal runs of tokens get equal ids, in every text that is put to the same index. An n-gram is looked
 * up as the id of its first n − 1 tokens and its last one, so no text of it is ever built, and no two runs collide.
 */
export class NGramIndex {
  /** By n − 1: (id of the first n − 1 tokens, last token) → id. */
  readonly #idsByLength: Map<number, number>[] = [];

  /**
   * @param n at least 1
   * @returns ids of the n-grams that begin at tokens 0, 1, …: [tokens − n + 1], empty for a shorter text. Ids of one n
   *   count up from 0 in order of first occurrence.
   */
  idsOf(tokens: readonly number[], n: number): Uint32Array {
    let shorter = new Uint32Array(tokens.length);
    for (let length = 1; length <= n; length++) {
      this.#idsByLength[length - 1] ??= new Map();
      const known = this.#idsByLength[length - 1]!;
      const ids = new Uint32Array(Math.max(0, tokens.length - length + 1));
      for (let start = 0; start < ids.length; start++) {
        const run = shorter[start]! * TOKEN_LIMIT + tokens[start + length - 1]!;
        const id = known.get(run) ?? known.size;
        if (id === known.size) known.set(run, id);
        ids[start] = id;
      }
      shorter = ids;
    }
    return shorter;
  }

  /** How many different n-grams the texts had so far: ids of n are below it. */
  size(n: number): number {
    return this.#idsByLength[n - 1]?.size ?? 0;
  }
}
