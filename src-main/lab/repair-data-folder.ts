/**
 * Repairs a damaged database: the file is kept aside, a new one takes its place and gets every row that can still be read.
 * Numbers and checkpoints of runs come from the runs' own folders, and so do runs that the file has lost.
 */
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { runComputingSchema } from '../../src-preload/contract/endpoints/runs.ts';
import { LabError } from '../engine/errors.ts';
import { RunFolder } from '../engine/training/run-folder.ts';
import { type Connection, openDatabase } from '../store/database.ts';
import { RunStore } from '../store/run-store.ts';
import { copyReadableRows } from '../store/salvage.ts';
import { DATABASE, openDataFolder } from './data-folder.ts';
import { catchUp, readResult } from './runs/run-recovery.ts';

export interface Repair {
  /** The damaged file, kept aside; null where nothing was damaged. */
  readonly keptAside: string | null;
  /** Rows that could be read, by table. */
  readonly rows: Readonly<Record<string, number>>;
  /** Runs that were found by their folders alone. */
  readonly runsFound: number;
}

/** What came of it, for people. */
export function repairWords({ keptAside, rows, runsFound }: Repair): string {
  if (keptAside === null) return 'The database is whole: nothing had to be repaired.';
  const read = Object.values(rows).reduce((sum, count) => sum + count, 0);
  return `The database was damaged. ${read} of its rows could be read, and ${runsFound} ${runsFound === 1 ? 'run was' : 'runs were'} found by ${runsFound === 1 ? 'its folder' : 'their folders'}.\nThe damaged file is kept as ${keptAside}.`;
}

/** @throws LabError 'store-in-use'; 'store-too-new', which is no damage */
export async function repairDataFolder(home: string): Promise<Repair> {
  const folder = openDataFolder(home);
  try {
    if (isWhole(folder.database)) return { keptAside: null, rows: {}, runsFound: 0 };
    const keptAside = putAside(folder.database);
    const database = openDatabase(folder.database);
    try {
      const rows = salvage(keptAside, database);
      const runsFound = await readRunFolders(new RunStore(database), folder.runs);
      return { keptAside, rows, runsFound };
    } finally {
      database.close();
    }
  } finally {
    folder.release();
  }
}

function isWhole(file: string): boolean {
  try {
    openDatabase(file).close();
    return true;
  } catch (error) {
    if (error instanceof LabError && error.code === 'store-damaged') return false;
    throw error;
  }
}

/** With what SQLite keeps beside it, so that others may try to read it too. */
function putAside(file: string): string {
  const time = new Date().toISOString().replaceAll(/[:.]/g, '-');
  const aside = path.join(path.dirname(file), `${path.parse(DATABASE).name}.damaged-${time}.sqlite`);
  renameSync(file, aside);
  if (existsSync(`${file}-wal`)) renameSync(`${file}-wal`, `${aside}-wal`);
  rmSync(`${file}-shm`, { force: true });
  return aside;
}

function salvage(file: string, into: Connection): Record<string, number> {
  let damaged: Connection;
  try {
    damaged = new Database(file);
  } catch {
    return {};
  }
  try {
    return copyReadableRows(damaged, into);
  } finally {
    damaged.close();
  }
}

async function readRunFolders(store: RunStore, folder: string): Promise<number> {
  const known = new Map(store.list().map((run) => [run.folder, run.id]));
  let found = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const place = path.join(folder, entry.name);
    const opened = entry.isDirectory() ? await RunFolder.open(place).catch(() => undefined) : undefined;
    if (opened === undefined) continue;
    if (!known.has(place)) found++;
    const run = known.get(place) ?? addRun(store, opened);
    // All of its numbers anew: of those in the file, any may be missing.
    await catchUp(store, run, place, true).catch(() => undefined);
    if (store.attempts(run).length > 0) continue;
    const result = await readResult(opened).catch(() => undefined);
    const attempt = store.beginAttempt(run, 'unknown');
    store.endAttempt(attempt, result ? 'finished' : 'paused', undefined, result?.stopped ?? null);
  }
  return found;
}

function addRun(store: RunStore, { path: folder, configuration }: RunFolder): number {
  const { model: modelFolder, data: dataFile, recipe, recipeName, created } = configuration;
  const computing = runComputingSchema.safeParse(configuration).data;
  const name = nameOf(path.basename(folder));
  const request = { name, modelFolder, dataFile, recipeName, recipe, computing };
  return store.add({
    folder,
    name,
    modelFolder,
    dataFile,
    request,
    created: z.iso.datetime().parse(created),
  });
}

/** "2026-11-24T10-00-00-000Z-sea-stories" → "sea stories". */
function nameOf(folder: string): string {
  return folder.replace(/^[\dTZ-]+Z-/, '').replaceAll('-', ' ');
}
