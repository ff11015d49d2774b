import { expect, it } from 'vitest';
import { benchmarksText } from './benchmarks-file.ts';
import { comparisonOf, type Round } from './comparison.ts';
import type { Result } from './measurement.ts';
import type { Row } from './row.ts';
import { rowsOf } from './rows.ts';
import { findSize, fitsWhole, parametersOf, REAL_AMOUNTS } from './sizes.ts';
import { slopeRows } from './slopes.ts';
import { renderText } from './table.ts';

const OPTIONS = { amounts: REAL_AMOUNTS, runtime: 'cpu', runtimes: ['cpu'], device: 'cpu' };
const SMALL = findSize('15m', false);

function rowOf(id: string): Row {
  return rowsOf(SMALL, OPTIONS).rows.find((row) => row.id === id)!;
}

/** @param seconds of each contender  @param operations of ours and the ceilings */
function roundOf(row: Row, seconds: readonly number[], operations: readonly number[] = []): Round {
  const results = seconds.map((one, index): Round['results'][number] => {
    const result: Result = {
      ...{ seconds: one, operations: operations[index] ?? null, preparationSeconds: 0 },
      ...{ peakMiB: 100 * (index + 1), librariesMiB: 50, loss: null, software: 'none 1.0' },
    };
    return { variant: '', result };
  });
  return { computer: 'here', date: '2026-01-02T00:00:00.000Z', row, results };
}

function cells(text: string, name: string): string[] {
  const line = text.split('\n').find((one) => one.includes(name))!;
  return line.trim().split(/ {2,}/);
}

it('compares each peer with ours, and ours with the best products', () => {
  const row = rowOf('full-step');
  // Ours, transformers, and products of two libraries, the second of which is the faster.
  const rounds = [
    roundOf(row, [1, 2, 1, 1], [30e9, 0, 40e9, 60e9]),
    roundOf(row, [1, 3, 1, 1], [30e9, 0, 40e9, 60e9]),
    roundOf(row, [2, 3, 1, 1], [30e9, 0, 20e9, 30e9]),
  ];
  const text = renderText(comparisonOf(rounds));
  expect(cells(text, 'ours, cpu')).toEqual([
    'ours, cpu',
    '1.00 s',
    '1024',
    '30 (50 % of the best)',
    '100 MiB',
    '50 MiB',
  ]);
  expect(cells(text, 'transformers')).toContain('2.00 × (1.50 to 3.00)');
  expect(cells(text, 'transformers').at(-1)).toBe('50 %');
});

it('compares what rounds its products with what does the same alone', () => {
  const here = { ...OPTIONS, runtimes: ['cpu', 'tensorflow'] };
  const row = rowsOf(SMALL, here).rows.find(({ id }) => id === 'full-step')!;
  // Ours and transformers, both again in bfloat16, and products of three libraries.
  const text = renderText(
    comparisonOf([roundOf(row, [4, 8, 2, 3, 1, 1, 1], [4e9, 0, 4e9, 0, 2e9, 2e9, 2e9])]),
  );
  expect(cells(text, 'ours, cpu')).toContain('1 (50 % of the best)');
  expect(cells(text, 'transformers  ')).toContain('2.00 ×');
  expect(cells(text, 'ours, products in bfloat16, tensorflow').slice(1, 4)).toEqual(['2.00 s', '512', '2']);
  expect(cells(text, 'transformers, bfloat16 autocast')).toContain('1.50 ×');
});

it('tells a slope by what one more costs', () => {
  const row = slopeRows(SMALL, OPTIONS).find(({ id }) => id === 'slope-windows')!;
  const epochs = 3;
  const rounds = [
    roundOf(
      row,
      row.contenders.map(({ x }) => epochs * (1 + 0.5 * x!)),
    ),
  ];
  expect(cells(renderText(comparisonOf(rounds)), 'an epoch, for each window')).toEqual([
    'an epoch, for each window',
    '0.500 s',
    '1.000 s',
    '0.0 %',
  ]);
});

it('writes one table of all rows with date, rounds and software, the slopes below it, and what was left out', () => {
  const [steps, decoding] = [rowOf('full-step'), rowOf('decode-1')];
  const slope = slopeRows(SMALL, OPTIONS)[0]!;
  const rounds = [
    [roundOf(steps, [1, 2, 1, 1], [1e9, 0, 1e9, 1e9])],
    [roundOf(decoding, [1, 2, 3]), roundOf(decoding, [1, 2, 3])],
    [
      roundOf(
        slope,
        slope.contenders.map(({ x }) => x!),
      ),
    ],
  ];
  const text = benchmarksText('', rounds, ['One was too large.']);
  expect(text).toContain('\n## here\n');
  expect(text).toContain('- Date: 2026-01-02\n');
  expect(text).toContain('- Rounds of a row: 1 or 2\n');
  expect(text).toContain('- Software: none 1.0\n');
  expect(text).toContain('One was too large.');
  const tables = text.match(/^(\|.*\n)+/gm)!;
  expect(tables).toHaveLength(2);
  const [rows] = tables;
  // Headings, the rule below them, a title for each row, and its contenders.
  expect(rows!.trim().split('\n')).toHaveLength(2 + (1 + 4) + (1 + 3));
  for (const line of rows!.trim().split('\n')) expect(line.match(/\|/g)).toHaveLength(9);
});

it('writes what was measured here in place of what was, and leaves alone what was measured elsewhere', () => {
  const rounds = (seconds: number) => [[roundOf(rowOf('prefix'), [seconds, 2])]];
  const first = benchmarksText('', rounds(1), []);
  const elsewhere = first.replace('## here', '## elsewhere');
  const both = benchmarksText(elsewhere, rounds(3), []);
  expect(both.startsWith(elsewhere)).toBe(true);
  expect(both).toContain('\n## here\n');
  expect(benchmarksText(both, rounds(3), [])).toBe(both);
  expect(benchmarksText(both, rounds(1), [])).toBe(`${elsewhere}${first.slice(first.indexOf('\n## here'))}`);
});

it('leaves out the full step of a model that cannot fit, and says so', () => {
  const { model } = findSize('1.1b', false);
  expect(parametersOf(model) / 1e9).toBeCloseTo(1.1, 1);
  expect(fitsWhole(model, 24 * 2 ** 30)).toBe(false);
  expect(fitsWhole(model, 64 * 2 ** 30)).toBe(true);
  expect(parametersOf(findSize('190m', false).model) / 1e6).toBeCloseTo(205, -1);
});
