/**
 * A figure in ECharts' words: the page draws it on a canvas, the report as SVG. What others report is drawn dashed, so that
 * nobody takes it for what was measured here; colours come from line-styles.ts.
 */
import type { BarSeriesOption, CustomSeriesOption, LineSeriesOption } from 'echarts/charts';
import type { GridComponentOption } from 'echarts/components';
import type { ComposeOption } from 'echarts/core';
import type { Figure } from './exhibits.ts';
import { LINE_STYLES, LINES_AT_MOST, type LineStyle } from './line-styles.ts';

export type FigureOption = ComposeOption<
  BarSeriesOption | CustomSeriesOption | LineSeriesOption | GridComponentOption
>;

/** The colours of the paper that is drawn on. */
export interface Ink {
  readonly text: string;
  readonly lines: string;
  readonly card: string;
}

type Series = Figure['series'][number];

/** Lines of fewer points show each of them. */
const POINTS_WITH_DOTS = 60;
/** Every colour comes once in each, so that more lines than colours are told apart too. */
const DOTS = ['circle', 'rect', 'triangle', 'diamond'] as const;
const COLOURS = LINES_AT_MOST / 2;
const BARS = { barGap: '15%', barCategoryGap: '30%', barMaxWidth: 48 } as const;

/** How a series is told from the others: dashed where it is what others report. */
export function seriesStyle({ source }: Pick<Series, 'source'>, place: number): LineStyle {
  return { colour: LINE_STYLES[place % COLOURS]!.colour, dashed: source !== null };
}

export function figureOption(figure: Figure, ink: Ink): FigureOption {
  const { shape, xName, yName, series } = figure;
  const axis = {
    axisLine: { lineStyle: { color: ink.text } },
    axisLabel: { color: ink.text, hideOverlap: true },
    splitLine: { lineStyle: { color: ink.lines } },
    nameTextStyle: { color: ink.text },
    nameLocation: 'middle' as const,
  };
  return {
    animation: false,
    textStyle: { fontFamily: 'system-ui, sans-serif' },
    grid: { left: 64, right: 24, top: 16, bottom: 56 },
    xAxis: { ...axis, ...xAxis(figure), axisLabel: labels(figure, ink), name: xName, nameGap: 30 },
    yAxis: { ...axis, type: 'value', name: yName, nameGap: 46 },
    series:
      shape === 'bars'
        ? [...series.map(bars), ...series.flatMap((one, place) => whiskers(one, place, series.length, ink))]
        : [
            ...series.flatMap((one, place) => area(one, place, figure)),
            ...series.map((one, place) => line(one, place, figure, ink)),
          ],
  };
}

/** Every category has its name; numbers may leave some out. */
function labels({ shape }: Figure, { text }: Ink) {
  return shape === 'bars' ? { color: text, interval: 0 } : { color: text, hideOverlap: true };
}

function xAxis({ shape, categories, isXLogarithmic, series }: Figure) {
  if (shape === 'bars')
    return {
      type: 'category',
      data: categories ?? [],
      splitLine: { show: false },
    } as const;
  const places = series
    .flatMap(({ points }) => points.map(([x]) => x))
    .filter((x) => x > 0 || !isXLogarithmic);
  const areWhole = places.every(Number.isInteger);
  // The edges are those of the numbers: no room is given to what was not measured.
  const edges = places.length > 0 ? { min: Math.min(...places), max: Math.max(...places) } : {};
  // Whole numbers, such as counts that were halved, are easier to read at powers of two.
  if (isXLogarithmic) return { type: 'log', logBase: areWhole ? 2 : 10, ...edges } as const;
  return { type: 'value', ...edges, ...(areWhole ? { minInterval: 1 } : {}) } as const;
}

function line(series: Series, place: number, { isXLogarithmic }: Figure, ink: Ink): LineSeriesOption {
  const { colour, dashed } = seriesStyle(series, place);
  return {
    type: 'line',
    name: series.name,
    data: series.points.filter(([x]) => x > 0 || !isXLogarithmic),
    symbol: DOTS[Math.floor(place / COLOURS) % DOTS.length]!,
    showSymbol: series.points.length < POINTS_WITH_DOTS,
    symbolSize: 7,
    color: colour,
    itemStyle: dashed ? { color: ink.card, borderColor: colour, borderWidth: 2 } : { color: colour },
    lineStyle: { width: 2, type: dashed ? 'dashed' : 'solid', color: colour },
  };
}

/** The interval around a line. */
function area(series: Series, place: number, { isXLogarithmic }: Figure): CustomSeriesOption[] {
  const { colour } = seriesStyle(series, place);
  const ends = (series.band ?? [])
    .map(([low, high], point) => [series.points[point]![0], low, high] as const)
    .filter(([x]) => x > 0 || !isXLogarithmic);
  if (ends.length === 0) return [];
  return [
    {
      type: 'custom',
      name: series.name,
      silent: true,
      // All of it is one shape, which needs no more than its first point to be drawn.
      data: [ends[0]!],
      encode: { x: 0, y: [1, 2] },
      renderItem: (_, { coord }) => ({
        type: 'polygon',
        shape: {
          points: [
            ...ends.map(([x, , high]) => coord([x, high])),
            ...ends.toReversed().map(([x, low]) => coord([x, low])),
          ],
        },
        style: { fill: colour, opacity: 0.18 },
      }),
    },
  ];
}

function bars(series: Series, place: number): BarSeriesOption {
  const { colour, dashed } = seriesStyle(series, place);
  return {
    type: 'bar',
    name: series.name,
    ...BARS,
    data: series.points,
    itemStyle: dashed
      ? { color: 'transparent', borderColor: colour, borderWidth: 2, borderType: 'dashed' }
      : { color: colour },
  };
}

/** The interval at the end of each bar. */
function whiskers(
  { points, band, name }: Series,
  place: number,
  count: number,
  ink: Ink,
): CustomSeriesOption[] {
  if (band === null) return [];
  return [
    {
      type: 'custom',
      name,
      silent: true,
      data: band.map(([low, high], point) => [points[point]![0], low, high]),
      encode: { x: 0, y: [1, 2] },
      renderItem: (_, { barLayout, coord, value }) => {
        const offset = barLayout?.({ count, ...BARS })?.[place]?.offsetCenter ?? 0;
        const [[x = 0, low = 0] = [], [, high = 0] = []] = [1, 2].map((end) => coord([value(0), value(end)]));
        const middle = x + offset;
        const stroke = (x1: number, y1: number, x2: number, y2: number) =>
          ({ type: 'line', shape: { x1, y1, x2, y2 }, style: { stroke: ink.text, lineWidth: 1.5 } }) as const;
        return {
          type: 'group',
          children: [
            stroke(middle, low, middle, high),
            stroke(middle - 4, low, middle + 4, low),
            stroke(middle - 4, high, middle + 4, high),
          ],
        };
      },
    },
  ];
}
