/**
 * Where the lab keeps its things: the database and the run folders. One lab at a time works in it; the lock is one of the
 * operating system on a file, so it goes with the process, however that ends.
 */
import { mkdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { LabError } from '../engine/errors.ts';

export interface DataFolder {
  readonly path: string;
  readonly database: string;
  readonly runs: string;
  /** Lets another lab in. */
  release(): void;
}

/** HYPERFIT_LAB_HOME, or the place where this system keeps programs' data. */
export function usualDataFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const { HYPERFIT_LAB_HOME, XDG_DATA_HOME, APPDATA } = environment;
  if (HYPERFIT_LAB_HOME) return path.resolve(HYPERFIT_LAB_HOME);
  const home = os.homedir();
  const parent =
    process.platform === 'win32'
      ? (APPDATA ?? path.join(home, 'AppData', 'Roaming'))
      : process.platform === 'darwin'
        ? path.join(home, 'Library', 'Application Support')
        : (XDG_DATA_HOME ?? path.join(home, '.local', 'share'));
  return path.join(parent, 'hyperfit-lab');
}

/** @throws LabError 'store-in-use' where another lab works there */
export function openDataFolder(folder: string): DataFolder {
  mkdirSync(path.join(folder, 'runs'), { recursive: true });
  const lock = new Database(path.join(folder, 'lock'), { timeout: 0 });
  try {
    lock.pragma('locking_mode = EXCLUSIVE');
    lock.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    throw new LabError(
      'store-in-use',
      `Another lab is open on ${folder}. Use that one, or close it first.`,
      { folder },
      { cause },
    );
  }
  return {
    path: folder,
    database: path.join(folder, 'lab.sqlite'),
    runs: path.join(folder, 'runs'),
    release: () => lock.close(),
  };
}
