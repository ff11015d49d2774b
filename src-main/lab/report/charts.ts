/** Curves of runs as SVG pictures, drawn by ECharts without a browser. Grey ink is readable on light and dark paper. */
import { LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { EpochRecord } from '../../engine/training/records.ts';

use([LineChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

export interface RunCurve {
  readonly name: string;
  readonly epochs: readonly EpochRecord[];
}

const SIZE = { width: 460, height: 280 };
const INK = '#7a828e';
/** Told apart by people who see few colours too (Okabe and Ito). */
const ARM_COLOURS = ['#7a828e', '#d55e00', '#0072b2', '#009e73', '#cc79a7', '#e69f00'];

type Measure = 'trainLoss' | 'validationLoss' | 'ttr' | 'rep2';

/** One picture: a measure by epoch, one line a run. Colours begin at `firstColour` of ARM_COLOURS. */
export function epochChart(
  title: string,
  curves: readonly RunCurve[],
  measure: Measure,
  firstColour = 1,
): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...SIZE });
  const axis = {
    axisLine: { lineStyle: { color: INK } },
    axisLabel: { color: INK },
    splitLine: { lineStyle: { color: INK, opacity: 0.2 } },
  };
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: 'system-ui, sans-serif' },
    color: ARM_COLOURS.slice(firstColour),
    title: { text: title, left: 'center', textStyle: { color: INK, fontSize: 14, fontWeight: 600 } },
    legend: { bottom: 0, itemGap: 24, textStyle: { color: INK }, icon: 'roundRect' },
    grid: { left: 48, right: 16, top: 40, bottom: 68 },
    xAxis: {
      type: 'value',
      name: 'epoch',
      nameLocation: 'middle',
      nameGap: 26,
      nameTextStyle: { color: INK },
      ...axis,
    },
    yAxis: { type: 'value', ...axis },
    series: curves.map(({ name, epochs }) => ({
      name,
      type: 'line',
      symbolSize: 4,
      data: epochs.flatMap((record) => (record[measure] === null ? [] : [[record.epoch, record[measure]]])),
    })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return `<figure role="img" aria-label="${title}">${svg}</figure>`;
}
