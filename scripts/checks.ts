/** The checks that are not tests: types, lint and format, import directions, and that the desktop app builds. */
import { spawn } from 'node:child_process';
import path from 'node:path';

const ROOT = path.dirname(import.meta.dirname);

/** Each is a script below node_modules and its arguments. */
const CHECKS = [
  { name: 'types', words: ['typescript/bin/tsc', '--noEmit'] },
  { name: 'types of the renderer', words: ['vue-tsc/bin/vue-tsc.js', '--noEmit', '-p', 'src-renderer'] },
  {
    name: 'types of the end-to-end tests',
    words: ['typescript/bin/tsc', '--noEmit', '-p', 'tests/e2e'],
  },
  { name: 'lint and format', words: ['@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'] },
  {
    name: 'import directions',
    words: ['dependency-cruiser/bin/dependency-cruiser.mjs', 'src-main', 'src-preload', 'src-renderer'],
  },
  { name: 'desktop build', words: ['electron-vite/bin/electron-vite.js', 'build', '--logLevel', 'warn'] },
] as const;

/** Runs every check, one line each, with its output where it failed. */
export async function runChecks(): Promise<{ passed: number; failed: number }> {
  const counts = { passed: 0, failed: 0 };
  for (const { name, words } of CHECKS) {
    const { ok, output } = await runTool(words);
    process.stdout.write(ok ? `ok      ${name}\n` : `FAILED  ${name}\n${output}\n`);
    counts[ok ? 'passed' : 'failed']++;
  }
  return counts;
}

function runTool([script, ...rest]: readonly [string, ...string[]]): Promise<{
  ok: boolean;
  output: string;
}> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [path.join(ROOT, 'node_modules', script), ...rest], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text) => {
        output += text;
      });
    }
    child.on('close', (code) => resolve({ ok: code === 0, output }));
  });
}
