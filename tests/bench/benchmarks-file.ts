/**
 * Writes BENCHMARKS.md: how its numbers were made, and for each computer when, and the table. Nobody copies numbers by hand,
 * and what was measured elsewhere stays.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ROOT } from '../cli/run-lab.ts';
import { comparisonOf, type Round } from './comparison.ts';
import { renderMarkdown } from './table.ts';

const FILE = path.join(ROOT, 'BENCHMARKS.md');
const INTRODUCTION = `# Benchmarks

Written by \`npm run bench -- --full --markdown\`, a part for each computer that it ran on;
[tests/bench](tests/bench/README.md) says what each row measures and how. Numbers of another computer differ, and so may the
ratios: run it on yours.

"Ours is faster by" and "our peak of its" compare the lab with the line's contender. "Of the best" is the share of the fastest
matrix products of the same round, of whichever library, that the step's products reach when all of the step's time counts.
Peak memory is the whole process's, with the libraries in the column beside it. Times are medians; a ratio is the median of the
rounds' ratios, with their range.
`;
const HEADING = '\n## ';

/** @param rows the rounds of each row, all of this computer  @param leftOut sentences on what was not measured */
export async function writeBenchmarks(
  rows: readonly (readonly Round[])[],
  leftOut: readonly string[],
): Promise<void> {
  await writeFile(FILE, benchmarksText(await readFile(FILE, 'utf8'), rows, leftOut));
}

/** @param before the file as it was */
export function benchmarksText(
  before: string,
  rows: readonly (readonly Round[])[],
  leftOut: readonly string[],
): string {
  const parts = new Map(
    before
      .split(HEADING)
      .slice(1)
      .map((part) => [part.split('\n', 1)[0]!, part]),
  );
  const [round] = rows.flat();
  if (round) parts.set(round.computer, partOf(round.computer, rows, leftOut));
  return [INTRODUCTION, ...parts.values()].join(HEADING);
}

function partOf(computer: string, rows: readonly (readonly Round[])[], leftOut: readonly string[]): string {
  const rounds = rows.flat();
  const dates = rounds.map(({ date }) => date.slice(0, 10)).toSorted();
  const counts = [...new Set(rows.map(({ length }) => length))].toSorted((one, other) => one - other);
  const when = dates[0] === dates.at(-1) ? dates[0] : `${dates[0]} to ${dates.at(-1)}`;
  return `${computer}

- Date: ${when}
- Rounds of a row: ${counts.join(' or ')}
- Software: ${softwareOf(rounds).join('; ')}

${renderMarkdown(rows.map(comparisonOf))}
${leftOut.map((sentence) => `\n${sentence}\n`).join('')}`;
}

/** Ours, and the peers'. */
export function softwareOf(rounds: readonly Round[]): string[] {
  return [...new Set(rounds.flatMap(({ results }) => results.map(({ result }) => result.software)))];
}
