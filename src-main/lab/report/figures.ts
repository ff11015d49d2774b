/** Figures of experiments as SVG, drawn by ECharts without a browser, with a legend and the numbers below. */
import { BarChart, CustomChart, LineChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { figureTable } from '../../../src-preload/contract/exhibit-words.ts';
import type { Figure } from '../../../src-preload/contract/exhibits.ts';
import { figureOption, type Ink, seriesStyle } from '../../../src-preload/contract/figure-option.ts';
import { escapeHtml } from './html.ts';
import { tableHtml } from './tables.ts';

use([BarChart, CustomChart, LineChart, GridComponent, SVGRenderer]);

const SIZE = { width: 760, height: 320 };
/** Grey that is readable on light and dark paper. */
const INK: Ink = { text: '#7a828e', lines: '#7a828e40', card: 'transparent' };

export function figureHtml(figure: Figure): string {
  const { title, summary, series } = figure;
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...SIZE });
  chart.setOption(figureOption(figure, INK));
  const svg = chart.renderToSVGString();
  chart.dispose();
  const legend = series.map((one, place) => {
    const { colour, dashed } = seriesStyle(one, place);
    const line = `<svg width="26" height="6" aria-hidden="true"><line x1="1" x2="25" y1="3" y2="3" stroke="${colour}" stroke-width="3"${dashed ? ' stroke-dasharray="5 3"' : ''}/></svg>`;
    const source = one.source === null ? '' : ` <i>(${escapeHtml(one.source)})</i>`;
    return `<li>${line} ${escapeHtml(one.name)}${source}</li>`;
  });
  const reported = series.some(({ source }) => source !== null)
    ? '<small>Dashed and in italics: what others report, set beside what was measured here.</small>'
    : '';
  return `<figure>
<ul class="legend">${legend.join('')}</ul>
${reported}
<div role="img" aria-label="${escapeHtml(summary)}">${svg}</div>
<p>${escapeHtml(summary)}</p>
<details><summary>The numbers</summary>${tableHtml({ ...figureTable(figure), title })}</details>
</figure>`;
}
