/** A text that is written token by token: what each stands for and how often it came before can be read at any time. */
import { MARKED_RUN, type TokenText } from '../../../src-preload/contract/endpoints/comparison.ts';
import { RepetitionDepths } from '../../engine/analysis/diversity/repetition.ts';
import { PieceReader } from '../../engine/text/token-pieces.ts';
import type { Tokenizer } from '../../engine/text/tokenizer.ts';

export class GrowingText implements TokenText {
  readonly tokens: number[] = [];
  readonly pieces: string[] = [];
  readonly #repetition = new RepetitionDepths(MARKED_RUN);
  readonly #reader: PieceReader;

  constructor({ decode }: Pick<Tokenizer, 'decode'>) {
    this.#reader = new PieceReader(decode);
  }

  get depths(): number[] {
    return this.#repetition.depths;
  }

  add(token: number): void {
    this.tokens.push(token);
    this.pieces.push(this.#reader.read(token));
    this.#repetition.add(token);
  }

  /** Its tokens from this one on, as a text of its own. */
  from(token: number): TokenText {
    return {
      tokens: this.tokens.slice(token),
      pieces: this.pieces.slice(token),
      depths: this.depths.slice(token),
    };
  }
}
