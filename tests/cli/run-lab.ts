/** Runs the lab's command line as a person would, in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';

export const ROOT = path.join(import.meta.dirname, '../..');
export const FIXTURES = path.join(ROOT, 'tests/golden/fixtures');

export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function startLab(words: readonly string[]): { child: ChildProcess; done: Promise<Outcome> } {
  const child = spawn(process.execPath, [path.join(ROOT, 'src-main/cli/main.ts'), ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const done = new Promise<Outcome>((resolve) => {
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (text) => {
      stdout += text;
    });
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, done };
}

export function lab(...words: readonly string[]): Promise<Outcome> {
  return startLab(words).done;
}

/** Whether a process is still there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
