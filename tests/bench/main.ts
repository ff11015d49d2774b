/**
 * npm run bench: how fast the lab is beside PyTorch + transformers + PEFT on this computer, and how much memory both
 * take. Each number is a ratio within one run; nothing here passes or fails.
 */
import { writeFile } from 'node:fs/promises';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { RUNTIME_NAMES } from '../../src-main/engine/runtimes/open-runtime.ts';
import { type Comparison, compare, speedRatios } from './comparison.ts';
import { median } from './measurement.ts';
import { findPeersPython } from './peers-python.ts';
import { renderTable } from './table.ts';
import { type Workload, workloads } from './workloads.ts';

const ROUNDS = { quick: 1, usual: 3, full: 5 };
const USAGE = `npm run bench -- [--quick] [--full] [--only NAME,…] [--runtime NAME] [--python PATH | --install] [--json FILE]

  --quick        tiny sizes, one round: only shows that it works
  --full         ${ROUNDS.full} rounds instead of ${ROUNDS.usual}
  --only NAME,…  of ${workloads(false)
    .map(({ id }) => id)
    .join(', ')}
  --runtime NAME what ours compute with: ${RUNTIME_NAMES.join(', ')}
  --python PATH  a Python that has what tests/bench/requirements.txt names
  --install      make such a Python in .cache/bench-venv; later runs find it there
  --json FILE    write all measurements there`;

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
      runtime: { type: 'string', default: 'cpu' },
      python: { type: 'string' },
      install: { type: 'boolean', default: false },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return print(USAGE);
  const chosen = choose(workloads(values.quick), values.only);
  const rounds = values.full ? ROUNDS.full : values.quick ? ROUNDS.quick : ROUNDS.usual;
  const { python, install } = values;
  const peers = await findPeersPython({ python, install }, stop.signal);
  const threads = os.availableParallelism();
  const comparisons: Comparison[] = [];
  for (const workload of chosen) {
    comparisons.push(
      await compare(workload, {
        rounds,
        runtime: values.runtime,
        python: peers,
        threads,
        signal: stop.signal,
        onBegin: (contender, round) =>
          process.stderr.write(`${workload.id}: ${contender}, round ${round} of ${rounds}\n`),
      }),
    );
  }
  print(`${renderTable(comparisons)}\n\n${footnotes(comparisons, rounds, peers !== undefined)}`);
  if (values.json !== undefined) await writeFile(values.json, toJson(comparisons, rounds));
}

function choose(all: readonly Workload[], only: string | undefined): readonly Workload[] {
  if (only === undefined) return all;
  const names = only.split(',');
  const unknown = names.find((name) => all.every(({ id }) => id !== name));
  if (unknown !== undefined)
    throw new Error(`There is no measurement "${unknown}". There are ${all.map(({ id }) => id).join(', ')}.`);
  return all.filter(({ id }) => names.includes(id));
}

function footnotes(comparisons: readonly Comparison[], rounds: number, compared: boolean): string {
  const lines = [
    `${computer()}. Float32 on the processor; ${rounds === 1 ? 'one round' : `${rounds} rounds`}, in turn.`,
    ...software(comparisons),
  ];
  if (compared) {
    lines.push(
      'Faster by: the median of the rounds (from the least to the most). A peer with two attentions goes on with the',
      'faster of the first round. PEFT’s epochs that were not measured count as long as the last one that was.',
    );
  } else {
    lines.push(
      'This is our side alone. To compare, run it with --install (makes a Python in .cache/bench-venv), or with',
      '--python PATH for one that has what tests/bench/requirements.txt names.',
    );
  }
  return lines.join('\n');
}

function toJson(comparisons: readonly Comparison[], rounds: number): string {
  const rows = comparisons.map((comparison) => ({
    ...comparison,
    peers: comparison.peers.map((peer) => ({
      ...peer,
      fasterBy: median(speedRatios(comparison.ours, peer)),
    })),
  }));
  return `${JSON.stringify({ computer: computer(), rounds, rows }, null, 2)}\n`;
}

function computer(): string {
  const memory = (os.totalmem() / 2 ** 30).toFixed(0);
  return `${os.cpus()[0]?.model ?? os.arch()}, ${os.availableParallelism()} threads, ${memory} GiB, ${os.platform()}`;
}

/** Ours, and the peers'. */
function software(comparisons: readonly Comparison[]): string[] {
  const contenders = comparisons.flatMap(({ ours, peers }) => [ours, ...peers]);
  return [...new Set(contenders.flatMap(({ results }) => results.map((result) => result.software)))];
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
