/**
 * What a model predicts at each position of given texts, to be looked at as often as needed. Kept are the states that
 * logits are made of, [width] a position, so that another look costs the model's head alone.
 */
import { LabError } from '../errors.ts';
import type { ModelReader } from './model-reader.ts';

export interface ReadingOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called after each text with how many are done. */
  readonly onText?: (done: number, total: number) => void;
}

/**
 * Logits after tokens 0 … n − 2 of a text predict its tokens 1 … n − 1: n − 1 positions. Those of all texts are numbered
 * through, in the texts' order.
 */
export class PredictedPositions {
  readonly count: number;
  readonly #reader: ModelReader;
  /** Of each text [positions, width], after the final norm. */
  readonly #finals: readonly Float32Array[];

  private constructor(reader: ModelReader, finals: readonly Float32Array[], count: number) {
    this.#reader = reader;
    this.#finals = finals;
    this.count = count;
  }

  /**
   * @param texts token ids; those without a second token have no position
   * @throws LabError 'bad-argument' where there is no position at all; the signal's reason
   */
  static async read(
    reader: ModelReader,
    texts: readonly (readonly number[])[],
    { signal, onText }: ReadingOptions = {},
  ): Promise<PredictedPositions> {
    const finals: Float32Array[] = [];
    let count = 0;
    for (const [index, tokens] of texts.entries()) {
      signal?.throwIfAborted();
      if (tokens.length >= 2) {
        finals.push(await reader.final(tokens.slice(0, -1)));
        count += tokens.length - 1;
      }
      onText?.(index + 1, texts.length);
    }
    if (count === 0) {
      throw new LabError(
        'bad-argument',
        'Every text has a single token, so there is nothing to predict in it. Give longer texts.',
      );
    }
    return new PredictedPositions(reader, finals, count);
  }

  /**
   * Calls `visit` with the logits [vocabulary] at each position. They are a view that holds until the call returns.
   * @throws the signal's reason, between texts
   */
  async each(
    visit: (logits: Float32Array, position: number) => void,
    { signal, onText }: ReadingOptions = {},
  ): Promise<void> {
    let first = 0;
    for (const [index, final] of this.#finals.entries()) {
      signal?.throwIfAborted();
      let positions = 0;
      await this.#reader.eachLogits(final, (logits, position) => {
        visit(logits, first + position);
        positions++;
      });
      first += positions;
      onText?.(index + 1, this.#finals.length);
    }
  }
}

/** The tokens that were read where a position predicts, in the numbering of PredictedPositions. */
export function prefixAt(texts: readonly (readonly number[])[], position: number): readonly number[] {
  let left = position;
  for (const tokens of texts) {
    const positions = Math.max(0, tokens.length - 1);
    if (left < positions) return tokens.slice(0, left + 1);
    left -= positions;
  }
  throw new Error(`The texts have no position ${position}.`);
}

/** Logits [vocabulary] of what follows the last of the tokens. */
export async function logitsAfter(reader: ModelReader, tokens: readonly number[]): Promise<Float32Array> {
  const final = await reader.final(tokens);
  let logits = new Float32Array();
  await reader.eachLogits(final.subarray(-final.length / tokens.length), (found) => {
    logits = found.slice();
  });
  return logits;
}
