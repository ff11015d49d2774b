/** What exhibits say in words and in rows, wherever they are drawn: numbers with digits that say something, figures as tables. */
import type { Figure, Table } from './exhibits.ts';

/** Of a cell, or of a point. */
export function valueWords(value: number | string | null): string {
  if (value === null) return '–';
  if (typeof value === 'string') return value;
  if (Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  if (size < 1e-3) return value.toExponential(1);
  return value.toFixed(size < 100 ? 3 : 1);
}

/** Of a series or a row: what it is called where its source must be known too. */
export function nameWithSource({ name, source }: { name: string; source: string | null }): string {
  return source === null ? name : `${name} (${source})`;
}

/** The numbers of a figure, for who does not see it: a row for each place on the x axis, a column for each series. */
export function figureTable(figure: Figure): Pick<Table, 'columns' | 'rows'> {
  const { shape, categories, xName, series } = figure;
  const places = [...new Set(series.flatMap(({ points }) => points.map(([x]) => x)))].sort((a, b) => a - b);
  const columns = [xName, ...series.map(nameWithSource)].map((name) => ({ name, term: null, help: '' }));
  const rows = places.map((place) => ({
    name: shape === 'bars' ? (categories?.[place] ?? String(place)) : valueWords(place),
    source: null,
    cells: series.map((one) => cellAt(one, place)),
  }));
  return { columns, rows };
}

function cellAt({ points, band }: Figure['series'][number], place: number): number | string | null {
  const point = points.findIndex(([x]) => x === place);
  const value = points[point]?.[1] ?? null;
  const ends = band?.[point];
  return value === null || ends === undefined
    ? value
    : `${valueWords(value)} (${valueWords(ends[0])} to ${valueWords(ends[1])})`;
}
