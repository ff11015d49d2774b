/** Which Python runs the peers: the one that was named, or a virtual environment of the project's own. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../cli/run-lab.ts';
import { runProgram } from './child.ts';

const HOME = path.join(ROOT, '.cache', 'bench-venv');
const REQUIREMENTS = path.join(import.meta.dirname, 'requirements.txt');
const isWindows = process.platform === 'win32';
const OWN = path.join(HOME, ...(isWindows ? ['Scripts', 'python.exe'] : ['bin', 'python']));

/** The named one, else the project's own; undefined where there is none: then only our side is measured. */
export function findPeersPython(named: string | undefined): string | undefined {
  return named ?? (existsSync(OWN) ? OWN : undefined);
}

export async function installPeersPython(signal: AbortSignal): Promise<void> {
  process.stderr.write('Installing torch, transformers and PEFT in .cache/bench-venv (some minutes) …\n');
  await runProgram(isWindows ? 'python' : 'python3', ['-m', 'venv', HOME], signal);
  await runProgram(OWN, ['-m', 'pip', 'install', '--quiet', '-r', REQUIREMENTS], signal);
}
