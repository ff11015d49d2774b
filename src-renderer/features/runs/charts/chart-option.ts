/** A picture of lines in ECharts' words: axes, the zoom's slider, what stands under the pointer. */
import type { LineSeriesOption } from 'echarts/charts';
import type {
  DataZoomComponentOption,
  GridComponentOption,
  MarkLineComponentOption,
  TooltipComponentOption,
} from 'echarts/components';
import type { ComposeOption } from 'echarts/core';
import type { Ink } from '../../../../src-preload/contract/figure-option.ts';
import type { LineStyle } from '../../../../src-preload/contract/line-styles.ts';
import type { Points } from './points.ts';
import { type Range, thin } from './thin.ts';

export type ChartOption = ComposeOption<
  | LineSeriesOption
  | DataZoomComponentOption
  | GridComponentOption
  | MarkLineComponentOption
  | TooltipComponentOption
>;

export interface Line extends LineStyle {
  readonly name: string;
  readonly points: Points;
}

/** A place on the x axis that is spoken of. */
export interface Mark {
  readonly x: number;
  readonly text: string;
}

export interface Picture {
  readonly lines: readonly Line[];
  readonly xName: string;
  /** All there is. */
  readonly extent: Range;
  /** What is seen of it. */
  readonly range: Range;
  /** Whether the y axis is logarithmic. */
  readonly isLogarithmic: boolean;
  readonly mark: Mark | undefined;
  /** Columns of pixels. */
  readonly width: number;
  readonly ink: Ink;
}

/** Lines of fewer points show each of them. */
const POINTS_WITH_DOTS = 60;

export function chartOption(picture: Picture): ChartOption {
  const { lines, xName, extent, range, isLogarithmic, mark, width, ink } = picture;
  const isZoomed = range[0] > extent[0] || range[1] < extent[1];
  const axis = {
    axisLine: { lineStyle: { color: ink.text } },
    axisLabel: { color: ink.text, hideOverlap: true },
    splitLine: { lineStyle: { color: ink.lines } },
  };
  const zoom = { startValue: range[0], endValue: range[1], filterMode: 'none' } as const;
  return {
    animation: false,
    grid: { left: 56, right: 20, top: 28, bottom: 84 },
    xAxis: {
      type: 'value',
      name: xName,
      nameLocation: 'middle',
      nameGap: 26,
      nameTextStyle: { color: ink.text },
      min: extent[0],
      max: extent[1],
      minInterval: 1,
      ...axis,
    },
    // Zoomed in, what is seen fills the height; else the distance to zero is what people should see.
    yAxis: { type: isLogarithmic ? 'log' : 'value', scale: isZoomed, ...axis },
    dataZoom: [
      // With Ctrl (a pinch on a touch pad says the same), as the wheel alone scrolls the page.
      { ...zoom, id: 'inside', type: 'inside', zoomOnMouseWheel: 'ctrl', moveOnMouseWheel: false },
      {
        ...zoom,
        ...{ id: 'slider', type: 'slider', height: 20, bottom: 12, showDetail: false, showDataShadow: false },
        borderColor: ink.lines,
        handleStyle: { color: ink.card, borderColor: ink.text },
        textStyle: { color: ink.text },
      },
    ],
    series: lines.map(({ name, points, colour, dashed }, place) => {
      const data = thin(points, range, width, isLogarithmic);
      return {
        id: String(place),
        type: 'line',
        name,
        data,
        symbol: 'circle',
        showSymbol: data.length < POINTS_WITH_DOTS,
        symbolSize: 5,
        color: colour,
        lineStyle: { width: 2, type: dashed ? 'dashed' : 'solid' },
        ...(mark && place === 0 ? { markLine: markLine(mark, ink) } : {}),
      };
    }),
  };
}

function markLine({ x, text }: Mark, ink: Ink): MarkLineComponentOption {
  return {
    silent: true,
    symbol: 'none',
    data: [{ xAxis: x }],
    label: { formatter: () => text, color: ink.text, position: 'end' },
    lineStyle: { color: ink.text, type: 'dotted' },
  };
}
