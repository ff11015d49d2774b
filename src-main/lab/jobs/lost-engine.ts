/**
 * Why an engine process ended without a word, as far as the system tells: native code that aborted, memory that ran out,
 * or somebody who ended it. Node tells the signal; Electron's utility processes tell a code alone.
 */
import { readFileSync } from 'node:fs';
import { LabError } from '../../engine/errors.ts';

export type LossCause = 'out-of-memory' | 'native-abort' | 'killed' | 'unknown';

const ABORTS = ['SIGABRT', 'SIGSEGV', 'SIGILL', 'SIGBUS', 'SIGFPE', 'SIGTRAP'];
/** 128 and more is a signal's number and 128. */
const SIGNALS_BY_CODE: Readonly<Record<number, string>> = {
  132: 'SIGILL',
  133: 'SIGTRAP',
  134: 'SIGABRT',
  135: 'SIGBUS',
  136: 'SIGFPE',
  137: 'SIGKILL',
  139: 'SIGSEGV',
  143: 'SIGTERM',
};
/** Windows: STATUS_NO_MEMORY, STATUS_COMMITMENT_LIMIT, and what Chromium ends with when an allocation fails. */
const MEMORY_CODES = [0xc0000017, 0xc000012d, 0xe0000008];
/** Windows: access violation, illegal instruction, stack overflow, heap corruption, fail-fast. */
const ABORT_CODES = [0xc0000005, 0xc000001d, 0xc00000fd, 0xc0000374, 0xc0000409];

/** How often Linux has ended a process because memory ran out; undefined where the system does not tell. */
export function memoryKills(): number | undefined {
  try {
    const [, count] = /^oom_kill (\d+)$/m.exec(readFileSync('/proc/vmstat', 'utf8')) ?? [];
    return count === undefined ? undefined : Number(count);
  } catch {
    return undefined;
  }
}

/** @param killsBefore `memoryKills()` when the process began; @param killsNow now */
export function lostEngine(
  code: number | null,
  signal: string | null,
  killsBefore: number | undefined,
  killsNow: number | undefined,
): LabError {
  const { cause, reason } = explain(code, signal, killsBefore, killsNow);
  return new LabError(
    'engine-lost',
    `The process that computed is gone: ${reason}. What it kept is safe, and a run can go on from there.`,
    { cause, reason, code, signal },
  );
}

function explain(
  code: number | null,
  signalTold: string | null,
  killsBefore: number | undefined,
  killsNow: number | undefined,
): { readonly cause: LossCause; readonly reason: string } {
  const signal = signalTold ?? SIGNALS_BY_CODE[code ?? 0] ?? null;
  // Windows' codes come as signed numbers too.
  const unsigned = (code ?? 0) >>> 0;
  if (signal === 'SIGKILL') {
    if (killsBefore === undefined || killsNow === undefined)
      return {
        cause: 'killed',
        reason: 'it was ended from outside, perhaps by the system because memory ran out',
      };
    return killsNow > killsBefore
      ? {
          cause: 'out-of-memory',
          reason:
            'the system ended it because memory ran out (out of memory): choose fewer layers, shorter windows or fewer at once',
        }
      : {
          cause: 'killed',
          reason: 'it was ended from outside (killed), and not because memory ran out',
        };
  }
  if (MEMORY_CODES.includes(unsigned))
    return { cause: 'out-of-memory', reason: 'memory ran out (out of memory)' };
  if ((signal !== null && ABORTS.includes(signal)) || ABORT_CODES.includes(unsigned)) {
    const sign = signal ?? `code 0x${unsigned.toString(16)}`;
    return { cause: 'native-abort', reason: `the computing library failed (native abort, ${sign})` };
  }
  if (signal === 'SIGTERM') return { cause: 'killed', reason: 'it was ended from outside (killed)' };
  return { cause: 'unknown', reason: `it ended with ${signal ?? `code ${code}`}` };
}
