/**
 * The processor as the system describes it: how many real cores it has, which matters because two threads of one core share
 * what multiplies; and which vector instructions, which decide how fast that is.
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';

export interface Processor {
  readonly name: string;
  /** Threads that compute at once. */
  readonly threads: number;
  /** Real cores among those that the lab may use; null where the system does not tell. */
  readonly cores: number | null;
  /** Vector instructions by the names that people know, the widest last; none where the system does not tell. */
  readonly instructions: readonly string[];
}

const SECONDS_TO_WAIT = 10;
/** Flags of /proc/cpuinfo, on x64 and on ARM. */
const INSTRUCTIONS: Readonly<Record<string, string>> = {
  avx: 'AVX',
  avx2: 'AVX2',
  avx512f: 'AVX-512',
  avx512_bf16: 'AVX-512 BF16',
  amx_tile: 'AMX',
  asimd: 'NEON',
  sve: 'SVE',
  bf16: 'BF16',
};

export async function readProcessor(): Promise<Processor> {
  const threads = os.availableParallelism();
  const found = await ask().catch(() => undefined);
  const { cores = null, instructions = [] } = found ?? {};
  // Where fewer threads may be used than there are cores, each has a core of its own.
  return { name: processorName(), threads, cores: cores && Math.min(cores, threads), instructions };
}

export function processorName(): string {
  return os.cpus()[0]?.model.trim() || 'processor';
}

/** How many threads are worth trying: as many as there are, and where two share a core, one a core. */
export async function threadsToTry(): Promise<readonly number[]> {
  const { threads, cores } = await readProcessor();
  return cores === null || cores === threads ? [threads] : [threads, cores];
}

const MILLISECONDS_TO_WATCH = 400;

/** How much of the processor others keep busy now, 0 to 1, watched for a moment in which this process does nothing. */
export async function busyShare(): Promise<number> {
  const before = ticks();
  await setTimeout(MILLISECONDS_TO_WATCH);
  const after = ticks();
  const passed = after.all - before.all;
  return passed === 0 ? 0 : 1 - (after.idle - before.idle) / passed;
}

function ticks(): { readonly all: number; readonly idle: number } {
  const times = os.cpus().map(({ times }) => times);
  const sum = (numbers: readonly number[]) => numbers.reduce((one, other) => one + other, 0);
  return { all: sum(times.flatMap(Object.values)), idle: sum(times.map(({ idle }) => idle)) };
}

type Told = Pick<Processor, 'cores' | 'instructions'>;

async function ask(): Promise<Told> {
  if (process.platform === 'linux')
    return readCpuInfo(
      await readFile('/proc/cpuinfo', 'utf8'),
      await readFile('/proc/self/status', 'utf8').catch(() => ''),
    );
  if (process.platform === 'darwin') {
    const cores = await output('sysctl', ['-n', 'hw.physicalcpu']);
    return { cores: wholeNumber(cores), instructions: os.arch() === 'arm64' ? ['NEON'] : [] };
  }
  const command = '(Get-CimInstance Win32_Processor | Measure-Object NumberOfCores -Sum).Sum';
  return {
    cores: wholeNumber(await output('powershell', ['-NoProfile', '-Command', command])),
    instructions: [],
  };
}

/**
 * @param cpuinfo of Linux's /proc/cpuinfo: a paragraph a thread; ARM's and many virtual ones do not tell cores
 * @param status of /proc/self/status: which threads this process may use
 */
export function readCpuInfo(cpuinfo: string, status = ''): Told {
  const allowed = readRanges(/^Cpus_allowed_list:\s*(.+)$/m.exec(status)?.[1] ?? '');
  const field = (paragraph: string, name: string) =>
    new RegExp(`^${name}\\s*:\\s*(.+)$`, 'm').exec(paragraph)?.[1]?.trim();
  const threads = cpuinfo
    .split(/\n\s*\n/)
    .filter((paragraph) => field(paragraph, 'processor') !== undefined)
    .filter((paragraph) => allowed.size === 0 || allowed.has(Number(field(paragraph, 'processor'))));
  const cores = threads.map((paragraph) => {
    const core = field(paragraph, 'core id');
    return core === undefined ? undefined : `${field(paragraph, 'physical id') ?? 0} ${core}`;
  });
  const flags = new Set(
    (field(threads[0] ?? '', 'flags') ?? field(threads[0] ?? '', 'Features') ?? '').split(/\s+/),
  );
  return {
    cores: cores.length === 0 || cores.includes(undefined) ? null : new Set(cores).size,
    instructions: Object.entries(INSTRUCTIONS)
      .filter(([flag]) => flags.has(flag))
      .map(([, name]) => name),
  };
}

/** "0-3,8" */
function readRanges(list: string): ReadonlySet<number> {
  return new Set(
    [...list.matchAll(/(\d+)(?:-(\d+))?/g)].flatMap(([, first, last = first]) =>
      Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => Number(first) + index),
    ),
  );
}

function wholeNumber(text: string): number | null {
  const number = Number(text.trim());
  return Number.isInteger(number) && number > 0 ? number : null;
}

async function output(program: string, words: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program, words, { timeout: SECONDS_TO_WAIT * 1000 });
  return stdout;
}
