/**
 * npm run bench: how fast the lab is beside PyTorch + transformers + PEFT and llama.cpp on this computer, and how much memory all
 * take. Each number is a ratio within one run; nothing here passes or fails.
 */
import os from 'node:os';
import { parseArgs } from 'node:util';
import { RUNTIME_NAMES } from '../../src-main/engine/runtimes/open-runtime.ts';
import { softwareOf, writeBenchmarks } from './benchmarks-file.ts';
import type { Peers } from './child.ts';
import { comparisonOf, type Round } from './comparison.ts';
import { runtimesHere } from './fastest-runtime.ts';
import { findLlamaCpp, installLlamaCpp } from './node-llama-cpp.ts';
import { findPeersPython, installPeersPython } from './peers-python.ts';
import { describeComputer, measureRow, Rounds } from './rounds.ts';
import type { Row } from './row.ts';
import { ROW_NAMES, type RowOptions, rowsOf, type SizeRows } from './rows.ts';
import { findSize, REAL_AMOUNTS, SIZE_NAMES, type Size, type SizeName, TINY_AMOUNTS } from './sizes.ts';
import { SLOPE_NAMES, slopeRows } from './slopes.ts';
import { renderText } from './table.ts';

const ROUNDS = { quick: 1, usual: 3, full: 5 };
const USAGE = `npm run bench -- [--quick | --full] [--only NAME,…] [--size SIZE,…] [--runtime NAME] [--json FILE] [--markdown]
               [--alone | --python PATH] [--torch-device cpu|cuda] [--install]

  --quick         tiny sizes, one round: only shows that it works
  --full          ${ROUNDS.full} rounds instead of ${ROUNDS.usual}, also of the 1.1 B model, and the slopes
  --only NAME,…   of ${ROW_NAMES.join(', ')}, slopes (or ${SLOPE_NAMES.join(', ')})
  --size SIZE,…   of ${SIZE_NAMES.join(', ')}
  --runtime NAME  what ours compute with: ${RUNTIME_NAMES.join(', ')}, or auto: the fastest here
  --json FILE     keep every round there, a line each; what is there already is not measured again
  --markdown      write this computer's part of BENCHMARKS.md, with --json also of what was measured before and with any runtime
  --alone         our side alone
  --python PATH   a Python that has what tests/bench/requirements.txt names
  --torch-device  what torch computes on (cuda has not been tried yet)
  --install       make such a Python, and get llama.cpp, in .cache; later runs find them there`;

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
try {
  await main();
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(stop.signal.aborted ? 'Stopped.\n' : `${message}\n`);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      only: { type: 'string' },
      size: { type: 'string' },
      runtime: { type: 'string', default: 'auto' },
      json: { type: 'string' },
      markdown: { type: 'boolean', default: false },
      alone: { type: 'boolean', default: false },
      python: { type: 'string' },
      'torch-device': { type: 'string', default: 'cpu' },
      install: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return print(USAGE);
  const { quick, full } = values;
  if (quick && values.markdown)
    throw new Error('BENCHMARKS.md is not for tiny sizes: leave out --quick or --markdown.');
  const names = chosen(values.only, full ? [...ROW_NAMES, 'slopes'] : ROW_NAMES, [
    ...ROW_NAMES,
    'slopes',
    ...SLOPE_NAMES,
  ]);
  const sizes = chosen<SizeName>(values.size, full ? SIZE_NAMES : ['15m', '190m'], SIZE_NAMES);
  if (values.install) {
    if (values.python === undefined) await installPeersPython(stop.signal);
    await installLlamaCpp(stop.signal);
  }
  const peers: Peers = {
    python: values.alone ? undefined : findPeersPython(values.python),
    llamaCpp: values.alone ? undefined : findLlamaCpp(),
    threads: os.availableParallelism(),
  };
  const rounds = await Rounds.open(values.json);
  const here = await runtimesHere(peers, quick ? 0.05 : 1, stop.signal);
  const fastest = rounds.lastRuntime() ?? here[0] ?? 'cpu';
  const options: RowOptions = {
    amounts: quick ? TINY_AMOUNTS : REAL_AMOUNTS,
    runtime: values.runtime === 'auto' ? fastest : values.runtime,
    runtimes: here.toSorted(),
    device: chosen(values['torch-device'], ['cpu'], ['cpu', 'cuda'])[0]!,
  };
  const count = full ? ROUNDS.full : quick ? ROUNDS.quick : ROUNDS.usual;
  const rowsFor = (wanted: readonly string[], ofSizes: readonly SizeName[], runtime = options.runtime) => {
    const { rows, leftOut } = allRows(
      ofSizes.map((size) => findSize(size, quick)),
      findSize('190m', quick),
      { ...options, runtime },
    );
    const isWanted = ({ id, unit }: Row) =>
      wanted.includes(id) || (unit !== undefined && wanted.includes('slopes'));
    return { leftOut, rows: rows.filter(isWanted).map((row) => withoutMissing(row, peers)) };
  };
  const { rows, leftOut } = rowsFor(names, sizes);
  const measured: Round[] = [];
  for (const row of rows) {
    const found = await measureRow(row, rounds, {
      ...{ count, peers, signal: stop.signal },
      onBegin: (contender, round) =>
        process.stderr.write(`${row.id} ${row.size ?? ''}: ${contender}, round ${round} of ${count}\n`),
    });
    print(`${renderText(comparisonOf(found))}\n`);
    measured.push(...found);
  }
  print(footnotes(measured, leftOut, count, peers));
  if (!values.markdown) return;
  // All that is asked now of any runtime and was measured, in this call or before; not what an older bench asked.
  const runtimes = [...new Set([options.runtime, ...options.runtimes])];
  const whole = runtimes.map((runtime) => rowsFor([...ROW_NAMES, 'slopes'], SIZE_NAMES, runtime));
  const everyRow = whole[0]!.rows.flatMap((_, place) => whole.map(({ rows }) => rows[place]!));
  const distinct = new Map(everyRow.map((row) => [JSON.stringify(row), row]));
  const known = [...distinct.values()].map((row) => rounds.of(row)).filter(({ length }) => length > 0);
  await writeBenchmarks(known, whole[0]!.leftOut);
}

function chosen<Name extends string>(
  words: string | undefined,
  usual: readonly Name[],
  all: readonly Name[],
): readonly Name[] {
  if (words === undefined) return usual;
  return words.split(',').map((word) => {
    const known = all.find((name) => name === word);
    if (known === undefined) throw new Error(`There is no "${word}". There are ${all.join(', ')}.`);
    return known;
  });
}

/** Of each size, and the slopes from the one that they begin with. */
function allRows(sizes: readonly Size[], slopesFrom: Size, options: RowOptions): SizeRows {
  const ofSizes = sizes.map((size) => rowsOf(size, options));
  return {
    rows: [...ofSizes.flatMap(({ rows }) => rows), ...slopeRows(slopesFrom, options)],
    leftOut: ofSizes.flatMap(({ leftOut }) => leftOut),
  };
}

/** The row with the contenders that are here. */
function withoutMissing(row: Row, { python, llamaCpp }: Peers): Row {
  const isHere = { lab: true, torch: python !== undefined, 'llama.cpp': llamaCpp !== undefined };
  return { ...row, contenders: row.contenders.filter(({ program }) => isHere[program]) };
}

function footnotes(
  measured: readonly Round[],
  leftOut: readonly string[],
  count: number,
  { python, llamaCpp }: Peers,
): string {
  const missing = [
    ...(python === undefined ? ['PyTorch'] : []),
    ...(llamaCpp === undefined ? ['llama.cpp'] : []),
  ];
  return [
    `${describeComputer()}. ${count === 1 ? 'One round' : `${count} rounds`}, in turn.`,
    ...softwareOf(measured),
    'Faster by: the median of the rounds (from the least to the most). A peer that can be run in several ways goes on with',
    'the fastest of the first round. Epochs that were not measured count as long as the last one that was.',
    ...(missing.length > 0
      ? [`Measured without ${missing.join(' and ')}; --install gets what is not there.`]
      : []),
    ...leftOut,
  ].join('\n');
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
