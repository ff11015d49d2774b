/** Engines as Electron's utility processes. */
import { utilityProcess } from 'electron';
import type { Engine } from '../lab/jobs/supervisor.ts';

/** @param entry the built engine process */
export function startUtilityEngine(entry: string): Engine {
  const child = utilityProcess.fork(entry, [], {
    serviceName: 'Hyperfit engine',
    // See scripts/bootstrap.mjs: large pages, on Linux.
    env: { ...process.env, GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1' },
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
      // Electron tells only a code: on Linux and macOS, 128 and more is a signal's number and 128.
      child.on('exit', (code) => listener(code, null));
    },
    kill: () => {
      child.kill();
    },
  };
}
