/** lab doctor: what this computer has, how fast it is, what the lab will use of it, and what is in the way. */
import path from 'node:path';
import { styleText } from 'node:util';
import { bytes } from '../../../src-preload/contract/amount-words.ts';
import { runtimeSchema } from '../../../src-preload/contract/endpoints/speed.ts';
import { processorWords } from '../../../src-preload/contract/machine-words.ts';
import type { DiskSpeed } from '../../lab/computer/disk-speed.ts';
import { examine } from '../../lab/computer/examine.ts';
import type { Facts, Finding, RuntimeFacts } from '../../lab/computer/facts.ts';
import { findingsOf, NAMES } from '../../lab/computer/findings.ts';
import { usualDataFolder } from '../../lab/data-folder.ts';
import { forkEngine } from '../../lab/jobs/fork-engine.ts';
import { ownVersion } from '../../own-version.ts';
import { type Command, choice, text, usageError } from '../command.ts';
import { table } from '../table.ts';

const SOURCES = path.join(import.meta.dirname, '..', '..');

export const doctor: Command = {
  name: 'doctor',
  usage: 'lab doctor [--quick] [--runtime NAME] [--data-folder FOLDER] [--json]',
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
    const { options: known } = runtimeSchema;
    const runtime = choice(values, 'runtime', known, (asked) =>
      usageError(doctor, `There is no runtime "${asked}". Choose ${known.join(' or ')}`),
    );
    const facts = await examine({
      version: await ownVersion(),
      home: path.resolve(text(values, 'data-folder') ?? usualDataFolder()),
      resources: path.join(SOURCES, '..', 'resources'),
      startEngine: (environment) =>
        forkEngine(path.join(SOURCES, 'lab', 'jobs', 'engine-process.ts'), environment, 'ignore'),
      runtime,
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
  const said = findings.map(({ kind, words }) => `${kind === 'problem' ? 'Problem' : 'Hint'}: ${words}`);
  return [
    section('This computer', [
      ['Processor', `${machine.processor}, ${processorWords(machine)}`],
      ['Memory', `${bytes(machine.memoryBytes)}${limit}; ${bytes(freeMemoryBytes)} are free now`],
      ['Graphics', machine.graphics.join(', ') || 'no card is known here'],
      ['System', machine.system],
      ['Lab', `${versions.lab}, Node ${versions.node}${electron === null ? '' : `, Electron ${electron}`}`],
    ]),
    section('Its disk', [
      ['Data folder', disk.dataFolder],
      ['Free', bytes(disk.freeBytes)],
      ['Speed', disk.speed === null ? 'not measured' : speedWords(disk.speed)],
    ]),
    section(
      'What can compute here (runtimes)',
      facts.runtimes.map((one) => [one.runtime, `${NAMES[one.runtime]}: ${runtimeWords(one)}`]),
      'GFLOPS: billions of multiplications and additions a second. Twice as many, and a large model learns up to twice as fast.',
    ),
    section('What the lab will use', [
      ['Runtime', `${NAMES[use.runtime]}: ${WHY[use.why]}`],
      ['Threads', `${use.threads} of ${machine.threads}: ${WHY_THREADS[use.whyThreads]}`],
      ...(use.products === undefined
        ? []
        : [['Products', `${use.products} (rounded) in training: set in Settings`]]),
      ['Commands', 'such as lab hyperfit take cpu and all cores, unless --runtime names another runtime'],
    ]),
    said.length > 0 ? said.join('\n') : 'Nothing is in the way.',
  ].join('\n\n');
}

function section(title: string, rows: readonly (readonly string[])[], note?: string): string {
  const indented = table(rows.map(([name, ...rest]) => [`  ${name}`, ...rest]));
  return [styleText('bold', title), indented, ...(note === undefined ? [] : [`  ${note}`])].join('\n');
}

const WHY: Readonly<Record<Facts['use']['why'], string>> = {
  asked: 'it is what --runtime says',
  set: 'it is set so in Settings',
  fastest: 'the speed test found it the fastest',
  unmeasured: 'it works everywhere, and no speed test was made yet (in the lab: Settings, Speed test)',
};

const WHY_THREADS: Readonly<Record<Facts['use']['whyThreads'], string>> = {
  set: 'they are set so in Settings',
  fastest: 'the speed test found that faster than all of them',
  all: 'all that this computer has',
};

function runtimeWords({ isThere, problem, gflops }: RuntimeFacts): string {
  if (!isThere) return `cannot be used. ${problem ?? 'It is not there.'}`;
  return gflops === null ? 'not measured' : `${gflops.toFixed(gflops < 10 ? 1 : 0)} GFLOPS`;
}

function speedWords({ writtenBytesPerSecond, readBytesPerSecond, isPastMemory }: DiskSpeed): string {
  const read = `reads ${bytes(readBytesPerSecond)} a second`;
  return `writes ${bytes(writtenBytesPerSecond)} a second, ${read}${isPastMemory ? '' : ' (what is still in memory, at least)'}`;
}
