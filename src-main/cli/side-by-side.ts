/** A comparison in a terminal: texts in columns, what repeats itself marked by colour or, without colour, by brackets. */
import { styleText } from 'node:util';
import type { TokenText } from '../../src-preload/contract/endpoints/comparison.ts';
import type { Comparison } from '../lab/comparison/compare.ts';
import { table } from './table.ts';

const GAP = '  │  ';
/** styleText leaves codes out where output goes to a file, or NO_COLOR is set. */
const HAS_COLOUR = styleText('red', 'x') !== 'x';

export function showComparison(
  { prompts, arms }: Comparison,
  columns = process.stdout.columns ?? 120,
): string {
  const width = Math.max(24, Math.floor((columns - GAP.length * (arms.length - 1)) / arms.length));
  const sections = prompts.map((prompt, index) => {
    const written = arms.map(({ texts }) => wrap(markedPieces(texts[index]!), width));
    return [
      styleText('bold', `▸ ${prompt.trim().replaceAll('\n', ' ')}`),
      ...joinColumns(written, width),
      '',
    ].join('\n');
  });
  const heading = joinColumns(
    arms.map(({ name }) => [
      { shown: styleText('bold', name.slice(0, width)), length: Math.min(name.length, width) },
    ]),
    width,
  );
  return [...heading, '', ...sections, metricsTable(arms)].join('\n');
}

export function metricsTable(arms: Comparison['arms']): string {
  const names = Object.keys(arms[0]?.measures ?? {});
  return table([
    ['', ...arms.map(({ name }) => name)],
    ...names.map((name) => [name, ...arms.map(({ measures }) => measures[name]?.value.toFixed(3) ?? '')]),
  ]);
}

interface Line {
  readonly shown: string;
  /** Letters, without the codes for colour. */
  readonly length: number;
}

interface Piece {
  readonly text: string;
  readonly repeated: boolean;
}

function markedPieces({ pieces, depths }: TokenText): Piece[] {
  const repeated = (index: number) => (depths[index] ?? 0) > 0;
  return pieces.map((piece, index) => {
    const text = piece.replaceAll('\n', ' ¶ ');
    if (HAS_COLOUR || !repeated(index)) return { text, repeated: repeated(index) };
    const [, space, word] = /^(\s*)(.*)$/s.exec(text)!;
    const opens = repeated(index - 1) ? '' : '[';
    const closes = repeated(index + 1) ? '' : ']';
    return { text: `${space}${opens}${word}${closes}`, repeated: true };
  });
}

/** Breaks between words; each part of a word keeps its mark. */
function wrap(pieces: readonly Piece[], width: number): Line[] {
  const lines: Line[] = [];
  let line: Line = { shown: '', length: 0 };
  for (const word of words(pieces)) {
    const length = word.reduce((sum, { text }) => sum + text.length, 0);
    if (line.length > 0 && line.length + length > width) {
      lines.push(line);
      line = { shown: '', length: 0 };
    }
    for (const { text, repeated } of word) {
      const kept = line.length === 0 ? text.trimStart() : text;
      line = {
        shown: line.shown + (repeated ? styleText(['dim', 'red'], kept) : kept),
        length: line.length + kept.length,
      };
    }
  }
  return [...lines, line];
}

/** Pieces, parted at spaces, and put together to words with the space before them. */
function words(pieces: readonly Piece[]): Piece[][] {
  const result: Piece[][] = [];
  for (const { text, repeated } of pieces) {
    for (const part of text.split(/(?= )/)) {
      if (part.startsWith(' ') || result.length === 0) result.push([]);
      result.at(-1)!.push({ text: part, repeated });
    }
  }
  return result;
}

function joinColumns(columns: readonly (readonly Line[])[], width: number): string[] {
  const height = Math.max(...columns.map(({ length }) => length));
  return Array.from({ length: height }, (_, row) =>
    columns
      .map((lines) => {
        const { shown, length } = lines[row] ?? { shown: '', length: 0 };
        return shown + ' '.repeat(Math.max(0, width - length));
      })
      .join(GAP)
      .trimEnd(),
  );
}
