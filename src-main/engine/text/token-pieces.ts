/** A text taken apart into what each of its tokens stands for. */

/** Together the pieces give the whole text: of a letter that takes several tokens, all goes to the last of them. */
export function tokenPieces(ids: readonly number[], decode: (tokens: readonly number[]) => string): string[] {
  let shown = '';
  return ids.map((_, index) => {
    const text = decode(ids.slice(0, index + 1));
    const whole = text.endsWith('\ufffd') ? shown : text;
    const piece = whole.slice(shown.length);
    shown = whole;
    return piece;
  });
}
