/** lab doctor: what this computer has, how fast it is, what the lab will use of it, and what is in the way. */
import path from 'node:path';
import { bytes } from '../../../src-preload/contract/amount-words.ts';
import { processorWords } from '../../../src-preload/contract/machine-words.ts';
import { examine } from '../../lab/computer/examine.ts';
import type { Facts, Finding, RuntimeFacts } from '../../lab/computer/facts.ts';
import { findingsOf, NAMES } from '../../lab/computer/findings.ts';
import { usualDataFolder } from '../../lab/data-folder.ts';
import { forkEngine } from '../../lab/jobs/fork-engine.ts';
import { ownVersion } from '../../own-version.ts';
import { type Command, text, usageError } from '../command.ts';
import { table } from '../table.ts';

const SOURCES = path.join(import.meta.dirname, '..', '..');

export const doctor: Command = {
  name: 'doctor',
  usage: 'lab doctor [--quick] [--data-folder FOLDER] [--json]',
  summary: 'what this computer has, how fast it is, and what the lab will use of it',
  options: {
    quick: { type: 'boolean', help: 'measure nothing: only look' },
    'data-folder': {
      type: 'string',
      takes: 'FOLDER',
      help: 'of the lab (where this system keeps programs’ data)',
    },
  },
  run: async ({ positionals, values, signal, progress }) => {
    if (positionals.length > 0) throw usageError(doctor, `"${positionals[0]}" is one word too many`);
    const facts = await examine({
      version: await ownVersion(),
      home: path.resolve(text(values, 'data-folder') ?? usualDataFolder()),
      resources: path.join(SOURCES, '..', 'resources'),
      startEngine: (environment) =>
        forkEngine(path.join(SOURCES, 'lab', 'jobs', 'engine-process.ts'), environment),
      isQuick: values.quick === true,
      ...{ signal, onProgress: (what, share) => progress.show(what, share) },
    });
    const findings = findingsOf(facts);
    return { json: { ...facts, findings }, text: describe(facts, findings) };
  },
};

function describe(facts: Facts, findings: readonly Finding[]): string {
  const { versions, machine, freeMemoryBytes, disk, use } = facts;
  const { electron } = versions;
  const limit =
    machine.memoryLimitBytes === null ? '' : `, of which the lab may use ${bytes(machine.memoryLimitBytes)}`;
  const rows = [
    ['Lab', `${versions.lab}, Node ${versions.node}${electron === null ? '' : `, Electron ${electron}`}`],
    ['System', machine.system],
    ['Processor', `${machine.processor}, ${processorWords(machine)}`],
    ['Memory', `${bytes(machine.memoryBytes)}${limit}, ${bytes(freeMemoryBytes)} free now`],
    ['Graphics', machine.graphics.join(', ') || 'no card is known here'],
    ['Data folder', disk.dataFolder],
    ['Disk there', diskWords(disk)],
    ...facts.runtimes.map((one) => [`Runtime ${one.runtime}`, runtimeWords(one)]),
    [
      'Will use',
      `${NAMES[use.runtime]}, ${use.threads} ${use.threads === 1 ? 'thread' : 'threads'}: ${WHY[use.why]}`,
    ],
  ];
  const said = findings.map(({ kind, words }) => `${kind === 'problem' ? 'Problem' : 'Hint'}: ${words}`);
  return [table(rows), '', ...(said.length > 0 ? said : ['Nothing is in the way.'])].join('\n');
}

const WHY: Readonly<Record<Facts['use']['why'], string>> = {
  set: 'it is set so in Settings',
  fastest: 'the speed test found it the fastest',
  unmeasured: 'it works everywhere, and no speed test was made yet (Settings, Speed test)',
};

function runtimeWords({ isThere, problem, gflops }: RuntimeFacts): string {
  if (!isThere) return `cannot be used: ${problem ?? 'it is not there'}`;
  return gflops === null
    ? 'may be chosen; not measured'
    : `${gflops.toFixed(gflops < 10 ? 1 : 0)} GFLOPS in products of matrices`;
}

function diskWords({ freeBytes, speed }: Facts['disk']): string {
  const free = `${bytes(freeBytes)} free`;
  if (speed === null) return free;
  return `${free}, takes ${bytes(speed.writtenBytesPerSecond)} a second, gives back ${bytes(speed.readBytesPerSecond)} a second`;
}
