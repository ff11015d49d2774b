/**
 * Which words of a text were said before. The lab marks runs of tokens where it compares texts; of samples only the text is
 * stored, so here the runs are of words.
 */

/** A run of so many words counts as said again: fewer come back in any text. */
const RUN = 4;

export interface MarkedWords {
  /** Words with the space after them; together the text. */
  readonly pieces: readonly string[];
  /** For each, how often the most repeated run that it is part of had come before; 0: new. */
  readonly depths: readonly number[];
}

export function markRepeatedWords(text: string): MarkedWords {
  const pieces = text.match(/^\s+|\S+\s*/g) ?? [];
  const words = pieces.map((piece) => piece.trim().toLowerCase());
  const depths = words.map(() => 0);
  const seen = new Map<string, number>();
  for (let start = 0; start + RUN <= words.length; start++) {
    const run = words.slice(start, start + RUN).join(' ');
    const before = seen.get(run) ?? 0;
    seen.set(run, before + 1);
    for (let place = start; place < start + RUN; place++)
      depths[place] = Math.max(depths[place] ?? 0, before);
  }
  return { pieces, depths };
}
