/** What an experiment has to show, in a terminal: sentences, tables, figures as their numbers, passages. */
import { styleText } from 'node:util';
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

function describeTable({ title, columns, rows, note }: Table): string {
  const cells = rows.map(({ name, source, cells }) => [
    source === null ? name : `${name} (${source})`,
    ...cells.map(shown),
  ]);
  return lines(title, table([columns.map(({ name }) => name), ...cells]), note);
}

function describeFigure({ title, summary, shape, categories, xName, series, note }: Figure): string {
  const places = [...new Set(series.flatMap(({ points }) => points.map(([x]) => x)))].sort((a, b) => a - b);
  const rows = places.map((x) => [
    shape === 'bars' ? (categories?.[x] ?? String(x)) : String(x),
    ...series.map(({ points }) => shown(points.find(([place]) => place === x)?.[1] ?? null)),
  ]);
  return lines(title, `${summary}\n${table([[xName, ...series.map(({ name }) => name)], ...rows])}`, note);
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

function shown(value: number | string | null): string {
  if (value === null) return '–';
  if (typeof value === 'string') return value;
  return Number.isInteger(value) ? String(value) : value.toFixed(3);
}
