/**
 * A text cut into the spans that are drawn: where any mark begins or ends, a new one begins. Marks of many kinds may lie over
 * each other (said before, copied, highlighted, the token one stands at); each span has the names of all that cover it.
 */
import { withoutGaps } from '../../ui/words.ts';

/** Characters from `start` to before `end` that something is to be said of. */
export interface Mark {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

export interface Span {
  /** The place of its first character in the text. */
  readonly start: number;
  /** As it is shown: many empty lines are told by their number, and none of the space that a text begins with. */
  readonly text: string;
  readonly names: readonly string[];
}

/** Gaps that withoutGaps() tells by their number stay whole. */
const GAP = /\n{4,}/g;

/** @returns spans in order; together they are the text, but for gaps and the space at its beginning */
export function spansOf(text: string, layers: readonly (readonly Mark[])[]): Span[] {
  const marks = layers.flat().filter(({ start, end }) => end > start);
  const gaps = [...text.matchAll(GAP)].map(({ index, 0: gap }) => ({
    start: index,
    end: index + gap.length,
  }));
  const first = text.length - text.trimStart().length;
  const cuts = new Set([first, text.length]);
  for (const { start, end } of [...marks, ...gaps])
    for (const cut of [start, end]) if (cut > first && cut < text.length) cuts.add(cut);
  for (const { start, end } of gaps) for (let inside = start + 1; inside < end; inside++) cuts.delete(inside);

  const begins = Map.groupBy(marks, ({ start }) => Math.max(first, wholeGap(start, gaps)));
  const places = [...cuts].sort((one, other) => one - other);
  const spans: Span[] = [];
  let open: Mark[] = [];
  for (const [number, start] of places.entries()) {
    const end = places[number + 1];
    if (end === undefined) break;
    open = [...open, ...(begins.get(start) ?? [])].filter((mark) => mark.end > start);
    spans.push({
      start,
      text: withoutGaps(text.slice(start, end)),
      names: [...new Set(open.map(({ name }) => name))].sort(),
    });
  }
  return spans;
}

/** What begins within a gap begins with it. */
function wholeGap(place: number, gaps: readonly { readonly start: number; readonly end: number }[]): number {
  return gaps.find(({ start, end }) => place > start && place < end)?.start ?? place;
}

/** Where each piece of a text begins, and where the last one ends. */
export function startsOf(pieces: readonly string[]): number[] {
  const starts = [0];
  for (const piece of pieces) starts.push(starts.at(-1)! + piece.length);
  return starts;
}

/** The piece that a character stands in. */
export function pieceAt(starts: readonly number[], character: number): number {
  let [low, high] = [0, starts.length - 2];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (starts[middle]! <= character) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
}
