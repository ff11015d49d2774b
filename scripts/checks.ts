/** The checks that are not tests: types, lint and format, import directions, and that the desktop app builds. */
import { spawn } from 'node:child_process';
import path from 'node:path';

export const ROOT = path.dirname(import.meta.dirname);

export interface Check {
  readonly name: string;
  readonly words: readonly string[];
}

export const CHECKS: readonly Check[] = [
  { name: 'types', words: ['typescript/bin/tsc', '--noEmit'] },
  { name: 'types of the renderer', words: ['vue-tsc/bin/vue-tsc.js', '--noEmit', '-p', 'src-renderer'] },
  { name: 'lint and format', words: ['@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'] },
  {
    name: 'import directions',
    words: ['dependency-cruiser/bin/dependency-cruiser.mjs', 'src-main', 'src-preload', 'src-renderer'],
  },
  { name: 'desktop build', words: ['electron-vite/bin/electron-vite.js', 'build', '--logLevel', 'warn'] },
];

/** @param words a script below node_modules, and its arguments */
export function runTool(words: readonly string[]): Promise<{ ok: boolean; output: string }> {
  const [script = '', ...rest] = words;
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [path.join(ROOT, 'node_modules', script), ...rest], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (text) => {
      output += text;
    });
    child.stderr.on('data', (text) => {
      output += text;
    });
    child.on('close', (code) => resolve({ ok: code === 0, output }));
  });
}

/** Runs every check and says how it went; returns how many failed. */
export async function runChecks(): Promise<number> {
  let failed = 0;
  for (const { name, words } of CHECKS) {
    const { ok, output } = await runTool(words);
    process.stdout.write(`${ok ? 'ok    ' : 'FAILED'} ${name}\n`);
    if (!ok) {
      failed++;
      process.stdout.write(`${output}\n`);
    }
  }
  return failed;
}
