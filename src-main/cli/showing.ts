/** What an experiment has to show, in a terminal: sentences, tables, figures as their numbers, passages. */
import { styleText } from 'node:util';
import { figureTable, nameWithSource, valueWords } from '../../src-preload/contract/exhibit-words.ts';
import type { Exhibit, Figure, Passages, Showing, Table } from '../../src-preload/contract/exhibits.ts';
import { table } from './table.ts';

export function describeShowing(title: string, { findings, exhibits, definitions }: Showing): string {
  return [
    styleText('bold', title),
    ...findings,
    ...exhibits.map(describe),
    ['How it was computed:', ...definitions.map(({ term, text }) => `  ${term}: ${text}`)].join('\n'),
  ].join('\n\n');
}

function describe(exhibit: Exhibit): string {
  switch (exhibit.kind) {
    case 'table':
      return describeTable(exhibit);
    case 'figure':
      return describeFigure(exhibit);
    case 'passages':
      return describePassages(exhibit);
    default:
      return exhibit satisfies never;
  }
}

function describeTable({ title, note, ...rest }: Table): string {
  return lines(title, rowsOf(rest), note);
}

function describeFigure(figure: Figure): string {
  const { title, summary, note } = figure;
  return lines(title, `${summary}\n${rowsOf(figureTable(figure))}`, note);
}

function rowsOf({ columns, rows }: Pick<Table, 'columns' | 'rows'>): string {
  const cells = rows.map((row) => [nameWithSource(row), ...row.cells.map(valueWords)]);
  return table([columns.map(({ name }) => name), ...cells]);
}

function describePassages({ title, passages, note }: Passages): string {
  const shownPassages = passages.map(
    ({ before, marked, after, remark }) => `  … ${before}[${marked}]${after} …  (${remark})`,
  );
  return lines(title, shownPassages.join('\n'), note);
}

function lines(title: string, body: string, note: string | null): string {
  return [styleText('bold', title), body, ...(note === null ? [] : [note])].join('\n');
}
