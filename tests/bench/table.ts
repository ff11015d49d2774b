/** What was measured as text: for the terminal a row at a time, as they come, and as one table in Markdown. */
import {
  type Comparison,
  type Measured,
  medianGflops,
  medianMiB,
  medianSeconds,
  oursOf,
  sharesOfBest,
  speedRatios,
  tokensPerSecond,
} from './comparison.ts';
import { median } from './measurement.ts';
import { type Slope, slopesOf } from './slopes.ts';

const HEADINGS = [
  '',
  'median time',
  'tokens a second',
  'GFLOPS',
  'peak memory',
  'libraries of that',
  'ours is faster by',
  'our peak of its',
];
const SLOPE_HEADINGS = ['', 'one more costs', 'without any', 'farthest from the line'];
/** Of names, so that rows that are printed one by one have their columns below each other. */
const NAME_WIDTH = 48;

/** A row for the terminal: its title, and a line for each contender. */
export function renderText(comparison: Comparison): string {
  const isSlope = comparison.row.unit !== undefined;
  const lines = [
    isSlope ? SLOPE_HEADINGS : HEADINGS,
    ...(isSlope ? slopeLines(comparison) : linesOf(comparison)),
  ];
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  const align = (line: readonly string[]) =>
    `  ${line.map((cell, column) => (column === 0 ? cell.padEnd(NAME_WIDTH) : cell.padStart(widths[column]!))).join('  ')}`.trimEnd();
  return [comparison.row.title, ...lines.map(align)].join('\n');
}

/** All rows in one table, the slopes in a second. */
export function renderMarkdown(comparisons: readonly Comparison[]): string {
  const slopes = comparisons.filter(({ row }) => row.unit !== undefined);
  const rows = comparisons.filter(({ row }) => row.unit === undefined);
  return [markdownTable(HEADINGS, rows, linesOf), markdownTable(SLOPE_HEADINGS, slopes, slopeLines)]
    .filter((table) => table !== '')
    .join('\n\n');
}

function markdownTable(
  headings: readonly string[],
  comparisons: readonly Comparison[],
  lines: (comparison: Comparison) => string[][],
): string {
  if (comparisons.length === 0) return '';
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(headings),
    line(headings.map((_, column) => (column === 0 ? '---' : '---:'))),
    ...comparisons.flatMap((comparison) => [
      line([`**${comparison.row.title}**`, ...headings.slice(1).map(() => '')]),
      ...lines(comparison).map(line),
    ]),
  ].join('\n');
}

function linesOf(comparison: Comparison): string[][] {
  return comparison.measured.map((one) => {
    const ours = oursOf(comparison, one.contender);
    const { name, role, computes } = one.contender;
    const called = [role === 'ours' ? `${name}, ${computes}` : name, one.variant].filter(Boolean).join(', ');
    if (role === 'ceiling') return [called, time(one), '', gflops(one), '', '', '', ''];
    const isPeer = role === 'peer' && ours !== undefined;
    return [
      called,
      time(one),
      rate(one),
      role === 'ours' ? `${gflops(one)}${share(comparison, one)}` : gflops(one),
      memory(one, 'peakMiB'),
      memory(one, 'librariesMiB'),
      isPeer ? speedRatio(ours, one) : '',
      isPeer ? memoryShare(ours, one) : '',
    ];
  });
}

function slopeLines(comparison: Comparison): string[][] {
  return slopesOf(comparison).map(({ what, unit, slope, intercept, residual }: Slope) => {
    const amount = (number: number) => `${number.toFixed(unit === 's' ? 3 : 1)} ${unit}`;
    const each = `${what}, for each ${comparison.row.unit}`;
    return [each, amount(slope), amount(intercept), `${(residual * 100).toFixed(1)} %`];
  });
}

function time(measured: Measured): string {
  const seconds = medianSeconds(measured);
  return seconds < 1 ? `${(seconds * 1000).toFixed(seconds < 0.1 ? 1 : 0)} ms` : `${seconds.toFixed(2)} s`;
}

function rate(measured: Measured): string {
  const tokens = tokensPerSecond(measured);
  return tokens === null ? '' : tokens.toFixed(tokens < 100 ? 1 : 0);
}

function gflops(measured: Measured): string {
  return medianGflops(measured)?.toFixed(0) ?? '';
}

/** " (78 % of the best)". */
function share(comparison: Comparison, ours: Measured): string {
  const shares = sharesOfBest(comparison, ours);
  return shares.length === 0 ? '' : ` (${(median(shares) * 100).toFixed(0)} % of the best)`;
}

function memory(measured: Measured, kind: 'peakMiB' | 'librariesMiB'): string {
  const size = medianMiB(measured, kind);
  return size === null ? '-' : `${size.toFixed(0)} MiB`;
}

/** "1.25 × (1.20 to 1.31)": the median and the ends of the rounds' ratios. */
function speedRatio(ours: Measured, peer: Measured): string {
  const ratios = speedRatios(ours, peer);
  const shown = `${median(ratios).toFixed(2)} ×`;
  if (ratios.length === 1) return shown;
  return `${shown} (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`;
}

function memoryShare(ours: Measured, peer: Measured): string {
  const [own, theirs] = [medianMiB(ours, 'peakMiB'), medianMiB(peer, 'peakMiB')];
  return own === null || theirs === null ? '-' : `${((own / theirs) * 100).toFixed(0)} %`;
}
