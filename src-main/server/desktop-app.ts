/** The lab in a window of its own: Electron's runtime is started on the built app, if it is installed here. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { LabError } from '../engine/errors.ts';
import { buildIfChanged, ROOT } from './built.ts';
import { hasScreen } from './screen.ts';

/** What a shell says when a program cannot be loaded, such as for a missing library. */
const NOT_LOADED = 127;

/**
 * Electron's program, if it can show a window here. The package names it in a file that comes with the download; asking
 * the package itself would begin that download.
 *
 * @param folder of the package
 */
export function electronProgram(folder = path.join(ROOT, 'node_modules', 'electron')): string | undefined {
  const named = path.join(folder, 'path.txt');
  if (!hasScreen() || !existsSync(named)) return undefined;
  const program = path.join(folder, 'dist', readFileSync(named, 'utf8').trim());
  return existsSync(program) ? program : undefined;
}

/**
 * Until the window is closed.
 *
 * @returns false where the program is there but cannot run, as without a library of the system
 */
export async function runInWindow(
  program: string,
  dataFolder: string,
  signal: AbortSignal,
): Promise<boolean> {
  await buildApp();
  return new Promise((resolve) => {
    const child = spawn(program, [ROOT], {
      stdio: 'inherit',
      env: { ...process.env, HYPERFIT_LAB_HOME: dataFolder },
    });
    // The app keeps what is being trained, and ends.
    signal.addEventListener('abort', () => child.kill('SIGTERM'));
    child.on('error', () => resolve(false));
    child.on('exit', (code, killedBy) => {
      const isBroken = code === NOT_LOADED || (killedBy !== null && !signal.aborted);
      if (!isBroken) process.exitCode = code ?? 0;
      resolve(!isBroken);
    });
  });
}

/**
 * Into out/, if its sources are new.
 *
 * @throws LabError 'runtime-failed'
 */
export async function buildApp(): Promise<void> {
  const sources = ['src-main', 'src-preload', 'src-renderer', 'electron.vite.config.ts', 'package-lock.json'];
  await buildIfChanged(path.join(ROOT, 'out', 'main'), sources, async () => {
    process.stderr.write('Building the window, as its sources are new …\n');
    const { code, output } = await runNode('node_modules/electron-vite/bin/electron-vite.js', 'build');
    if (code !== 0)
      throw new LabError('runtime-failed', `The desktop app could not be built:\n${output}`, { code });
  });
}

function runNode(script: string, ...words: string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [path.join(ROOT, script), ...words], { cwd: ROOT });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text) => {
        output += text;
      });
    }
    child.on('close', (code) => resolve({ code, output }));
  });
}
