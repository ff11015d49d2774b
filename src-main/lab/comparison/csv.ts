/**
 * A comparison as a table for spreadsheets (RFC 4180): a row for each prompt and arm. Spreadsheets take a cell that begins
 * with = + - @, a tab or a line's end for a formula and compute it, so such a text gets an apostrophe before it, which they
 * take for "this is text" (OWASP, "CSV Injection"). Numbers are left as they are.
 */
import type { ComparisonRequest } from '../../../src-preload/contract/endpoints/comparison.ts';
import { textNumbersOf, type WrittenArm } from './written.ts';

const COLUMNS = ['prompt', 'arm', 'complete', 'text'] as const;
/** Of each text by itself. */
const MEASURES = ['tokens', 'ttr', 'rep2', 'rep3', 'selfBleu'] as const;

export function toCsv({ prompts, arms }: ComparisonRequest, written: readonly WrittenArm[]): string {
  const rows: Cell[][] = [[...COLUMNS, ...MEASURES, 'longestCopied']];
  const numbers = written.map(textNumbersOf);
  for (const [prompt, beginning] of prompts.entries()) {
    for (const [place, { name }] of arms.entries()) {
      const { texts, measures, numbers: kept } = written[place]!;
      rows.push([
        ...[beginning, name, measures === null ? 'no' : 'yes', texts[prompt]!.pieces.join('')],
        ...MEASURES.map((measure) => numbers[place]![measure].parts[prompt]!),
        kept?.overlaps?.[prompt]?.length ?? '',
      ]);
    }
  }
  return rows.map((row) => `${row.map(toCell).join(',')}\r\n`).join('');
}

type Cell = string | number;

function toCell(value: Cell): string {
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
