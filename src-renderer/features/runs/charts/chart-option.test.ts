import { describe, expect, it } from 'vitest';
import { lineStyle } from '../../../../src-preload/contract/line-styles.ts';
import { chartOption, type Picture } from './chart-option.ts';
import { pointsOf } from './points.ts';

const rows = Array.from({ length: 50_000 }, (_, x) => ({ x, y: x % 5 === 0 ? 0 : 1 / (x + 1) }));
const line = {
  ...lineStyle(0),
  name: '<b>x</b>',
  points: pointsOf(
    rows,
    ({ x }) => x,
    ({ y }) => y,
  ),
};
const picture = (changes: Partial<Picture> = {}): Picture => ({
  lines: [line],
  xName: 'step',
  extent: [0, 50_000],
  range: [0, 50_000],
  isLogarithmic: false,
  mark: undefined,
  width: 400,
  ink: { text: '#000000', lines: '#dddddd', card: '#ffffff' },
  ...changes,
});
const data = (option: ReturnType<typeof chartOption>) => {
  const [series] = [option.series ?? []].flat();
  return (series as { data: [number, number][] }).data;
};

describe('a chart', () => {
  it('gives its canvas two points for a column of pixels at most', () => {
    expect(data(chartOption(picture())).length).toBeLessThanOrEqual(800);
    expect(data(chartOption(picture({ range: [100, 200] })))).toHaveLength(102);
  });

  it('has the whole run on its x axis, whatever part is seen', () => {
    const { xAxis, dataZoom } = chartOption(picture({ range: [100, 200] }));
    expect(xAxis).toMatchObject({ min: 0, max: 50_000 });
    expect(dataZoom).toMatchObject([
      { startValue: 100, endValue: 200 },
      { startValue: 100, endValue: 200 },
    ]);
  });

  it('shows nothing that a logarithmic axis has no place for', () => {
    expect(data(chartOption(picture())).some(([, y]) => y === 0)).toBe(true);
    const logarithmic = chartOption(picture({ isLogarithmic: true }));
    expect(data(logarithmic).every(([, y]) => y > 0)).toBe(true);
    expect(logarithmic.yAxis).toMatchObject({ type: 'log' });
  });
});
