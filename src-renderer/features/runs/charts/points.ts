/**
 * The points of one line of a chart, as two columns of plain numbers. A run may have a hundred thousand steps: columns take a
 * tenth of the memory of objects, grow in place, and are read fast enough to be thinned anew for every picture.
 */

/** Sorted by x; a y that was not measured is NaN. */
export interface Points {
  readonly x: Readonly<Float64Array>;
  readonly y: Readonly<Float64Array>;
  /** The columns may be longer than what is in them. */
  readonly length: number;
}

export class GrowingPoints implements Points {
  x = new Float64Array(256);
  y = new Float64Array(256);
  length = 0;

  /** @param x not below the last one */
  push(x: number, y: number | null): void {
    if (this.length === this.x.length) {
      this.x = doubled(this.x);
      this.y = doubled(this.y);
    }
    this.x[this.length] = x;
    this.y[this.length] = y ?? Number.NaN;
    this.length++;
  }
}

function doubled(column: Float64Array): Float64Array<ArrayBuffer> {
  const wider = new Float64Array(2 * column.length);
  wider.set(column);
  return wider;
}

/** Of the rows where it was measured: the line goes on from one to the next. */
export function pointsOf<Row>(
  rows: readonly Row[],
  x: (row: Row) => number,
  y: (row: Row) => number | null,
): Points {
  const points = new GrowingPoints();
  for (const row of rows) {
    const value = y(row);
    if (value !== null) points.push(x(row), value);
  }
  return points;
}

/** The place of the first point at or after x; the number of points if there is none. */
export function firstAtOrAfter({ x: column, length }: Points, x: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (column[middle]! < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What is measured at x or, where nothing is, at the nearest point before; undefined before the first. */
export function valueAt(points: Points, x: number): number | undefined {
  const next = firstAtOrAfter(points, x);
  for (let place = points.x[next] === x && next < points.length ? next : next - 1; place >= 0; place--) {
    if (!Number.isNaN(points.y[place]!)) return points.y[place];
  }
  return undefined;
}
