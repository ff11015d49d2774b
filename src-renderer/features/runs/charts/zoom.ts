/** Moving about in a chart: each way gives the part of the x axis that is seen next. */
import type { Range } from './thin.ts';

/** Less cannot be seen as a line. */
const SMALLEST = 2;

/** Undefined: all there is, also as more comes. */
export type Zoom = Range | undefined;

export function shown(zoom: Zoom, extent: Range): Range {
  return zoom ?? extent;
}

/** @param factor below 1 shows less, above 1 more; the middle stays */
export function zoomed(range: Range, extent: Range, factor: number): Zoom {
  const middle = (range[0] + range[1]) / 2;
  const size = Math.max(SMALLEST, (range[1] - range[0]) * factor);
  return within([middle - size / 2, middle + size / 2], extent);
}

/** @param share of what is seen; negative: to earlier */
export function moved(range: Range, extent: Range, share: number): Zoom {
  const size = range[1] - range[0];
  const from = Math.min(Math.max(range[0] + share * size, extent[0]), extent[1] - size);
  return within([from, from + size], extent);
}

/** @param start and end in percent of all there is, as ECharts tells it */
export function fromPercent(start: number, end: number, extent: Range): Zoom {
  const size = extent[1] - extent[0];
  return within([extent[0] + (start / 100) * size, extent[0] + (end / 100) * size], extent);
}

function within([from, to]: Range, extent: Range): Zoom {
  const range: Range = [Math.max(from, extent[0]), Math.min(to, extent[1])];
  return range[0] <= extent[0] && range[1] >= extent[1] ? undefined : range;
}
