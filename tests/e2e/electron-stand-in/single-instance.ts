/**
 * The lock that lets one instance of the app work on a data folder. Everything is synchronous, as in Electron: a folder
 * holds the owner's process id and is the letter box in which later instances leave their words.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, watch, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface Letter {
  readonly words: string[];
  readonly folder: string;
}

/**
 * @param onLetter hears of later instances
 * @returns what gives the lock back, or undefined where another instance has it
 */
export function lockInstance(folder: string, onLetter: (letter: Letter) => void): (() => void) | undefined {
  const owner = path.join(folder, 'owner');
  mkdirSync(folder, { recursive: true });
  if (!take(owner)) {
    const letter = path.join(folder, String(process.pid));
    writeFileSync(letter, JSON.stringify({ words: process.argv, folder: process.cwd() } satisfies Letter));
    renameSync(letter, `${letter}.letter`);
    return undefined;
  }
  const watcher = watch(folder, () => {
    for (const name of readdirSync(folder).filter((one) => one.endsWith('.letter'))) {
      const letter = path.join(folder, name);
      onLetter(JSON.parse(readFileSync(letter, 'utf8')));
      rmSync(letter);
    }
  });
  watcher.unref();
  return () => {
    watcher.close();
    rmSync(folder, { recursive: true, force: true });
  };
}

/** Writes this process down as the owner, unless one that is alive stands there. */
function take(owner: string): boolean {
  try {
    writeFileSync(owner, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    if (isAlive(Number(readFileSync(owner, 'utf8')))) return false;
    rmSync(owner);
    return take(owner);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
