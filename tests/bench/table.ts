/** The comparison as text: under each workload's title a line for each contender. */
import { type Comparison, type Contender, medianMiB, medianSeconds, speedRatios } from './comparison.ts';
import { median } from './measurement.ts';

const HEADINGS = [
  '',
  'median time',
  'peak memory',
  'libraries of that',
  'ours is faster by',
  'our peak of its',
];

export function renderTable(comparisons: readonly Comparison[]): string {
  const sections = comparisons.map(({ title, ours, peers }) => ({
    title,
    lines: [
      [ours.name, time(ours), memory(ours, 'peakMiB'), memory(ours, 'librariesMiB'), '', ''],
      ...peers.map((peer) => [
        peer.name,
        time(peer),
        memory(peer, 'peakMiB'),
        memory(peer, 'librariesMiB'),
        speedRatio(ours, peer),
        memoryShare(ours, peer),
      ]),
    ],
  }));
  const lines = [HEADINGS, ...sections.flatMap((section) => section.lines)];
  const widths = HEADINGS.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  const align = (line: readonly string[]) =>
    `  ${line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  ')}`.trimEnd();
  return [align(HEADINGS), ...sections.flatMap(({ title, lines }) => ['', title, ...lines.map(align)])].join(
    '\n',
  );
}

function time(contender: Contender): string {
  const seconds = medianSeconds(contender);
  return seconds < 1 ? `${(seconds * 1000).toFixed(seconds < 0.1 ? 1 : 0)} ms` : `${seconds.toFixed(2)} s`;
}

function memory(contender: Contender, kind: 'peakMiB' | 'librariesMiB'): string {
  const size = medianMiB(contender, kind);
  return size === null ? '-' : `${size.toFixed(0)} MiB`;
}

/** "1.25 × (1.20 to 1.31)": the median and the ends of the rounds' ratios. */
function speedRatio(ours: Contender, peer: Contender): string {
  const ratios = speedRatios(ours, peer);
  const shown = `${median(ratios).toFixed(2)} ×`;
  if (ratios.length === 1) return shown;
  return `${shown} (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`;
}

function memoryShare(ours: Contender, peer: Contender): string {
  const [own, theirs] = [medianMiB(ours, 'peakMiB'), medianMiB(peer, 'peakMiB')];
  return own === null || theirs === null ? '-' : `${((own / theirs) * 100).toFixed(0)} %`;
}
