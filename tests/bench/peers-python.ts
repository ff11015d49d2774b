/** Which Python runs the peers: the one that was named, or a virtual environment of the project's own. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { runProgram } from './child.ts';

const HOME = path.join(path.dirname(path.dirname(import.meta.dirname)), '.cache', 'bench-venv');
const REQUIREMENTS = path.join(import.meta.dirname, 'requirements.txt');
const isWindows = process.platform === 'win32';

/** Undefined where there is none: then only our side is measured. */
export async function findPeersPython(
  { python, install }: { readonly python: string | undefined; readonly install: boolean },
  signal: AbortSignal,
): Promise<string | undefined> {
  if (python !== undefined) return python;
  const own = path.join(HOME, ...(isWindows ? ['Scripts', 'python.exe'] : ['bin', 'python']));
  if (install) {
    process.stderr.write('Installing torch, transformers and PEFT in .cache/bench-venv (some minutes) …\n');
    await runProgram(isWindows ? 'python' : 'python3', ['-m', 'venv', HOME], signal);
    await runProgram(own, ['-m', 'pip', 'install', '--quiet', '-r', REQUIREMENTS], signal);
  }
  return existsSync(own) ? own : undefined;
}
