/**
 * Where the lab keeps its things: the database and the run folders. One lab at a time works in it; the lock is one of the
 * operating system on a file, so it goes with the process, however that ends. Where the data was moved to another disk, a
 * small file in its first place says so.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { LabError } from '../engine/errors.ts';
import { diskError } from '../engine/formats/durable-files.ts';
import { storeError } from '../store/store-errors.ts';

export interface DataFolder {
  readonly path: string;
  /** Where it is looked for at the next start. */
  readonly home: string;
  readonly database: string;
  readonly runs: string;
  /** Runs that experiments have trained, a folder each. */
  readonly experiments: string;
  /** Lets another lab in. */
  release(): void;
}

export const DATABASE = 'lab.sqlite';
export const LOCK = 'lock';
export const POINTER = 'moved.json';

const pointerSchema = z.object({ folder: z.string() });

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

/**
 * @param home where the data is, or where it was before it was moved
 * @throws LabError 'store-in-use' where another lab works there; 'file-not-found' where it was moved to is not
 * there; 'bad-argument' where it may not be written
 */
export function openDataFolder(home: string): DataFolder {
  const folder = placeOf(home);
  makeFolder(path.join(folder, 'runs'));
  const release = lockFolder(folder, `Another lab is open on ${folder}. Use that one, or close it first.`);
  return {
    path: folder,
    home,
    database: path.join(folder, DATABASE),
    runs: path.join(folder, 'runs'),
    experiments: path.join(folder, 'experiments'),
    release,
  };
}

/** From the next start on, the data that belongs to `home` is looked for in `folder`. */
export function pointTo(home: string, folder: string): void {
  const file = path.join(home, POINTER);
  if (folder === home) rmSync(file, { force: true });
  else writeFileSync(file, JSON.stringify({ folder }), { flush: true });
}

/** Where the data that belongs to `home` is. @throws LabError 'file-not-found' where that place is not there */
export function placeOf(home: string): string {
  const file = path.join(home, POINTER);
  if (!existsSync(file)) return home;
  const folder = readPointer(file);
  if (existsSync(folder)) return folder;
  throw new LabError(
    'file-not-found',
    `The lab's data was moved to ${folder}, which is not there now. Connect that disk and start again; if the data is lost, delete ${file} to begin anew.`,
    { folder, file },
  );
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw (
      diskError(folder, code, cause) ??
      new LabError(
        'bad-argument',
        `${folder} cannot be made (${code}): choose another data folder.`,
        { folder },
        { cause },
      )
    );
  }
}

function readPointer(file: string): string {
  try {
    return pointerSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).folder;
  } catch (cause) {
    throw new LabError(
      'file-not-found',
      `${file} should say where the lab's data was moved to, but it cannot be read. Write {"folder": "…"} into it with that place, or delete it to begin anew.`,
      { file },
      { cause },
    );
  }
}

/**
 * Keeps a folder for this process until the returned function is called, or the process ends.
 *
 * @param inUse what to say where another has it
 * @throws LabError 'store-in-use'
 */
export function lockFolder(folder: string, inUse: string): () => void {
  const file = path.join(folder, LOCK);
  let connection: Database.Database | undefined;
  try {
    connection = new Database(file, { timeout: 0 });
    connection.pragma('locking_mode = EXCLUSIVE');
    connection.exec('BEGIN EXCLUSIVE');
    const held = connection;
    return () => held.close();
  } catch (cause) {
    connection?.close();
    const error = storeError(file, cause);
    throw error.code !== 'store-in-use' ? error : new LabError('store-in-use', inUse, { folder }, { cause });
  }
}
