/**
 * Opens the lab's SQLite file. Before anything is read it is checked; before it is brought to a newer version it is copied.
 * A file that cannot be used is never repaired or replaced silently: the error says where it lies and what can be done
 * (lab/repair-data-folder.ts).
 */
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { LabError } from '../engine/errors.ts';
import { MIGRATIONS } from './migrations/migrations.ts';
import { storeDamaged, storeError } from './store-errors.ts';

export type Connection = Database.Database;

/** How long a write waits for another program that has the file open, such as a viewer. */
const BUSY_MILLISECONDS = 5_000;

/**
 * @param file made if it is not there
 * @param patience milliseconds
 * @throws LabError 'store-damaged', 'store-too-new', 'store-in-use', 'disk-full', 'bad-argument' where it may not be written
 */
export function openDatabase(
  file: string,
  migrations: readonly string[] = MIGRATIONS,
  patience = BUSY_MILLISECONDS,
): Connection {
  const connection = connect(file, patience);
  try {
    connection.pragma('journal_mode = WAL');
    // A checkpoint's or a run's row must be on the disk before anyone is told of it.
    connection.pragma('synchronous = FULL');
    connection.pragma('foreign_keys = ON');
    checkIntegrity(connection, file);
    migrate(connection, file, migrations);
    return connection;
  } catch (error) {
    connection.close();
    throw storeError(file, error);
  }
}

function connect(file: string, patience: number): Connection {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    return new Database(file, { timeout: patience });
  } catch (cause) {
    throw storeError(file, cause);
  }
}

function checkIntegrity(connection: Connection, file: string): void {
  const result = connection.pragma('integrity_check(1)', { simple: true });
  if (result !== 'ok') throw storeDamaged(file, new Error(String(result)));
}

/** All in one transaction: a crash leaves the old version. */
function migrate(connection: Connection, file: string, migrations: readonly string[]): void {
  const version = Number(connection.pragma('user_version', { simple: true }));
  if (version > migrations.length) {
    throw new LabError(
      'store-too-new',
      `The lab's data in ${file} was written by a newer version of the lab. Update the lab, or choose another data folder.`,
      { file, version, known: migrations.length },
    );
  }
  if (version === migrations.length) return;
  if (version > 0) backUp(connection, `${file}.version-${version}`);
  connection.transaction(() => {
    for (const script of migrations.slice(version)) connection.exec(script);
    connection.pragma(`user_version = ${migrations.length}`);
  })();
}

function backUp(connection: Connection, copy: string): void {
  rmSync(copy, { force: true });
  connection.prepare('VACUUM INTO ?').run(copy);
}
