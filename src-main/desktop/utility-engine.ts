/** Engines as Electron's utility processes. */
import os from 'node:os';
import { utilityProcess } from 'electron';
import type { Engine } from '../lab/jobs/engine.ts';

/**
 * @param entry the built engine process
 * @param environment beside what this process has
 */
export function startUtilityEngine(
  entry: string,
  environment: Readonly<Record<string, string>> = {},
): Engine {
  const child = utilityProcess.fork(entry, [], {
    serviceName: 'Hyperfit engine',
    // See scripts/bootstrap.mjs: large pages, on Linux.
    env: { ...process.env, ...environment, GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1' },
  });
  return {
    get name() {
      return `pid ${child.pid ?? 'unknown'}`;
    },
    send: (message) => child.postMessage(message),
    onMessage: (listener) => {
      child.on('message', listener);
    },
    onExit: (listener) => {
      child.on('exit', (code) => listener(code, signalOf(code)));
    },
    kill: () => {
      child.kill();
    },
  };
}

/**
 * Electron tells what waitpid told: of a process that a signal ended, the signal's number, and 128 more where its memory
 * was dumped. The engine's own codes are 0 and 1.
 */
function signalOf(code: number): string | null {
  if (process.platform === 'win32' || code <= 1) return null;
  const [name] = Object.entries(os.constants.signals).find(([, number]) => number === (code & 0x7f)) ?? [];
  return name ?? null;
}
