/**
 * Which points of a line are drawn. Where there are more points than pixels, each column of pixels keeps its lowest and its
 * highest point: the picture is the same as of all points, and no spike is lost.
 */
import { firstAtOrAfter, type Points } from './points.ts';

/** From and to, in the unit of x. */
export type Range = readonly [from: number, to: number];

/** Pairs of x and y, as charts take them. */
export type Pairs = [x: number, y: number][];

/**
 * @param range what is to be seen; one point more is kept on each side, so that lines run on to the edge
 * @param columns of pixels
 * @param onlyPositive drops what has no place on a logarithmic axis
 */
export function thin(points: Points, [from, to]: Range, columns: number, onlyPositive = false): Pairs {
  const first = Math.max(0, firstAtOrAfter(points, from) - 1);
  const end = Math.min(points.length, firstAtOrAfter(points, to) + 1);
  const isDrawn = (y: number) => !Number.isNaN(y) && (!onlyPositive || y > 0);
  const pairs: Pairs = [];
  const keep = (place: number) => pairs.push([points.x[place]!, points.y[place]!]);
  if (end - first <= 2 * columns) {
    for (let place = first; place < end; place++) if (isDrawn(points.y[place]!)) keep(place);
    return pairs;
  }
  for (let column = 0; column < columns; column++) {
    const start = first + Math.floor((column * (end - first)) / columns);
    const stop = first + Math.floor(((column + 1) * (end - first)) / columns);
    let lowest = -1;
    let highest = -1;
    for (let place = start; place < stop; place++) {
      const y = points.y[place]!;
      if (!isDrawn(y)) continue;
      if (lowest < 0 || y < points.y[lowest]!) lowest = place;
      if (highest < 0 || y > points.y[highest]!) highest = place;
    }
    if (lowest < 0) continue;
    keep(Math.min(lowest, highest));
    if (lowest !== highest) keep(Math.max(lowest, highest));
  }
  return pairs;
}
