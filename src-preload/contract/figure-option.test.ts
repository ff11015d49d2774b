import { describe, expect, it } from 'vitest';
import { figureTable, valueWords } from './exhibit-words.ts';
import type { Figure } from './exhibits.ts';
import { figureOption } from './figure-option.ts';

const ink = { text: '#000', lines: '#ddd', card: '#fff' };
const figure: Figure = {
  ...{ kind: 'figure', title: 'Variety', summary: '', shape: 'lines', xName: 'α', yName: 'TTR' },
  ...{ categories: null, isXLogarithmic: true, note: null },
  series: [
    {
      name: 'measured',
      source: null,
      points: [
        [0, 0.9],
        [0.01, 0.5],
        [0.1, null],
        [0.5, 0.2],
      ],
      band: null,
    },
    { name: 'theirs', source: 'a paper', points: [[0.01, 0.4]], band: [[0.3, 0.5]] },
  ],
};
const seriesOf = (one: Figure) => [figureOption(one, ink).series ?? []].flat();

describe('a figure', () => {
  it('has dashed lines for what others report, and for nothing else', () => {
    const lines = seriesOf(figure).filter(({ type }) => type === 'line');
    expect(lines.map((line) => (line as { lineStyle?: { type: string } }).lineStyle?.type)).toEqual([
      'solid',
      'dashed',
    ]);
    const bars = seriesOf({ ...figure, shape: 'bars', categories: ['a'] }).filter(
      ({ type }) => type === 'bar',
    );
    expect(bars.map((bar) => (bar as { itemStyle?: { borderType?: string } }).itemStyle?.borderType)).toEqual(
      [undefined, 'dashed'],
    );
  });

  it('leaves out what a logarithmic axis has no place for', () => {
    const { xAxis } = figureOption(figure, ink);
    expect(xAxis).toMatchObject({ type: 'log', logBase: 10, min: 0.01, max: 0.5 });
    expect(seriesOf(figure).find(({ name }) => name === 'measured')?.data).toEqual(
      figure.series[0]!.points.slice(1),
    );
  });

  it('is written in the ink that it is given, along both axes', () => {
    const bars: Figure = { ...figure, shape: 'bars', categories: ['a'] };
    for (const one of [figure, bars]) {
      const { xAxis, yAxis } = figureOption(one, ink);
      for (const axis of [xAxis, yAxis])
        expect(axis).toMatchObject({ axisLabel: { color: ink.text }, nameTextStyle: { color: ink.text } });
    }
  });

  it('has its intervals where they are known', () => {
    const bands = (one: Figure) => seriesOf(one).filter(({ type }) => type === 'custom');
    expect(bands(figure).map(({ name }) => name)).toEqual(['theirs']);
    expect(bands({ ...figure, shape: 'bars', categories: ['a'] })).toHaveLength(1);
  });

  it('tells more lines than there are colours apart by their dots', () => {
    const many = Array.from({ length: 12 }, (_, place) => ({ ...figure.series[0]!, name: String(place) }));
    const looks = seriesOf({ ...figure, series: many }).map((line) =>
      JSON.stringify([line.color, 'symbol' in line && line.symbol]),
    );
    expect(new Set(looks).size).toBe(12);
  });

  it('is a table for who does not see it: a row a place, intervals in brackets', () => {
    const { columns, rows } = figureTable(figure);
    expect(columns.map(({ name }) => name)).toEqual(['α', 'measured', 'theirs (a paper)']);
    expect(rows.map(({ name, cells }) => [name, ...cells])).toEqual([
      ['0', 0.9, null],
      ['0.010', 0.5, '0.400 (0.300 to 0.500)'],
      ['0.100', null, null],
      ['0.500', 0.2, null],
    ]);
  });
});

it('tells numbers with digits that say something', () => {
  expect([null, 'full', 12, 0.12345, 2.5e-5, 812.345, -0.2].map(valueWords)).toEqual([
    ...['–', 'full', '12', '0.123', '2.5e-5', '812.3', '-0.200'],
  ]);
});
