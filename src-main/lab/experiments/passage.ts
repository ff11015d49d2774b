/** Places in texts, as people read them. */
import { PieceReader, tokenPieces } from '../../engine/text/token-pieces.ts';
import type { Tokenizer } from '../../engine/text/tokenizer.ts';

/** Tokens that are shown around a place. */
const TOKENS_BEFORE = 32;
const TOKENS_AFTER = 12;
/** Tokens that what the next one stands for may hang on: a letter takes a few at most. */
const TOKENS_NEAR = 8;

export interface Place {
  readonly before: string;
  readonly marked: string;
  readonly after: string;
}

/** What stands around the token at `index`, or around so many from there on, and what they stand for themselves. */
export function placeOf(tokens: readonly number[], index: number, tokenizer: Tokenizer, length = 1): Place {
  const first = Math.max(0, index - TOKENS_BEFORE);
  const end = index + length;
  const pieces = tokenPieces(tokens.slice(first, end + TOKENS_AFTER), tokenizer.decode);
  return {
    before: pieces.slice(0, index - first).join(''),
    marked: pieces.slice(index - first, end - first).join('') || spellingOf(tokens[index]!, tokenizer),
    after: pieces.slice(end - first).join(''),
  };
}

/** What a token would stand for after others. */
export function pieceAfter(before: readonly number[], token: number, tokenizer: Tokenizer): string {
  const reader = new PieceReader(tokenizer.decode);
  for (const near of before.slice(-TOKENS_NEAR)) reader.read(near);
  return reader.read(token) || spellingOf(token, tokenizer);
}

/** Of parts of letters and special tokens, which stand for no text: as the vocabulary spells them. */
function spellingOf(token: number, { spelling }: Tokenizer): string {
  return spelling(token) ?? `#${token}`;
}
