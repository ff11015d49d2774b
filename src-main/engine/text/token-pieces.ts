/** A text taken apart into what each of its tokens stands for, token after token as they are written. */

/** Together the pieces give the whole text: of a letter that takes several tokens, all goes to the last of them. */
export class PieceReader {
  readonly #decode: (tokens: readonly number[]) => string;
  /** The last tokens that gave a piece, then those that have given none yet: what a token stands for hangs on these alone. */
  #near: number[] = [];
  /** How many of them have given their piece. */
  #shown = 0;

  constructor(decode: (tokens: readonly number[]) => string) {
    this.#decode = decode;
  }

  /** What the token stands for after those before it; empty where it is a part of a letter, or a special token. */
  read(token: number): string {
    this.#near.push(token);
    const before = this.#decode(this.#near.slice(0, this.#shown));
    const text = this.#decode(this.#near);
    if (text.length <= before.length || text.endsWith('\ufffd')) return '';
    this.#near = this.#near.slice(this.#shown);
    this.#shown = this.#near.length;
    return text.slice(before.length);
  }
}

export function tokenPieces(ids: readonly number[], decode: (tokens: readonly number[]) => string): string[] {
  const reader = new PieceReader(decode);
  return ids.map((id) => reader.read(id));
}
