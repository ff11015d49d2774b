/**
 * Repetition of texts within themselves, as shares without unit. rep-n = 1 − different n-grams / n-grams, per text, then
 * averaged over texts. Li et al. 2026 name bigram and trigram repetition; no formula of theirs was found, and this is
 * the usual one (SimCTG, Su et al. 2022, arXiv 2202.06417, which sums over the corpus before it divides).
 */
import { mean } from './mean.ts';
import { NGramIndex } from './n-grams.ts';

/** rep-n of one text. 0: no n-gram comes twice; also for texts shorter than n. */
export function repetition(tokens: readonly number[], n: number): number {
  const index = new NGramIndex();
  const { length } = index.idsOf(tokens, n);
  return length === 0 ? 0 : 1 - index.size(n) / length;
}

/** rep-n averaged over texts; each text counts alike, short ones too. 0 without texts. */
export function meanRepetition(texts: readonly (readonly number[])[], n: number): number {
  return mean(texts.map((tokens) => repetition(tokens, n)));
}

/**
 * distinct-n (Li et al. 2016, arXiv 1510.03055): different n-grams / n-grams over all texts together; n-grams do not
 * run from one text into the next. 1: nothing is said twice; 0 where there is no n-gram. Falls as texts are added.
 */
export function distinct(texts: readonly (readonly number[])[], n: number): number {
  const index = new NGramIndex();
  const total = texts.reduce((sum, tokens) => sum + index.idsOf(tokens, n).length, 0);
  return total === 0 ? 0 : index.size(n) / total;
}

/**
 * distinct-n as what each text brings to it: where k places in all texts have the same n-gram, each counts 1 / k. Summed over
 * the texts, `different` / `nGrams` is distinct-n; so it can be said how much it would change with other texts, without
 * drawing a text twice, whose n-grams would all be taken for repeated ones.
 */
export function distinctByText(
  texts: readonly (readonly number[])[],
  n: number,
): { readonly different: number[]; readonly nGrams: number[] } {
  const index = new NGramIndex();
  const ids = texts.map((tokens) => index.idsOf(tokens, n));
  const places = new Uint32Array(index.size(n));
  for (const own of ids) for (const id of own) places[id]!++;
  return {
    different: ids.map((own) => own.reduce((sum, id) => sum + 1 / places[id]!, 0)),
    nGrams: ids.map(({ length }) => length),
  };
}

/**
 * For display, while a text is written: how often, at each token, the most repeated of the n-grams that cover it had
 * occurred before in the text. A new token may deepen the n − 1 before it.
 */
export class RepetitionDepths {
  /** One number per token; 0: new. */
  readonly depths: number[] = [];
  readonly #n: number;
  readonly #index = new NGramIndex();
  readonly #occurred: number[] = [];
  #last: readonly number[] = [];

  constructor(n: number) {
    this.#n = n;
  }

  add(token: number): void {
    this.depths.push(0);
    this.#last = [...this.#last, token].slice(-this.#n);
    const [id] = this.#index.idsOf(this.#last, this.#n);
    if (id === undefined) return;
    const before = this.#occurred[id] ?? 0;
    this.#occurred[id] = before + 1;
    const { length } = this.depths;
    for (let place = length - this.#n; place < length; place++)
      this.depths[place] = Math.max(this.depths[place]!, before);
  }
}

/** Of a whole text: see RepetitionDepths. */
export function repetitionDepth(tokens: readonly number[], n: number): number[] {
  const running = new RepetitionDepths(n);
  for (const token of tokens) running.add(token);
  return running.depths;
}
