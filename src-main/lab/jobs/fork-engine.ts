/** Engines as forked Node processes: for browser mode and wherever there is no Electron. */
import { fork } from 'node:child_process';
import type { Engine } from './engine.ts';

/**
 * @param entry engine-process.ts, or what it was built into
 * @param environment beside what this process has
 * @param output what drivers and libraries print by themselves
 */
export function forkEngine(
  entry: string,
  environment: Readonly<Record<string, string>> = {},
  output: 'inherit' | 'ignore' = 'inherit',
): Engine {
  // Structured clones carry what JSON would lose, such as a loss that is no number.
  const child = fork(entry, {
    serialization: 'advanced',
    stdio: ['ignore', output, output, 'ipc'],
    env: { ...process.env, ...environment },
  });
  return {
    name: `pid ${child.pid}`,
    send: (message) => {
      if (child.connected) child.send(message, () => {});
    },
    onMessage: (listener) => {
      child.on('message', listener);
    },
    onExit: (listener) => {
      let exited = false;
      const once = (code: number | null, signal: string | null) => {
        if (!exited) listener(code, signal);
        exited = true;
      };
      child.on('exit', once);
      child.on('error', () => once(null, null));
    },
    kill: () => child.kill('SIGKILL'),
  };
}
