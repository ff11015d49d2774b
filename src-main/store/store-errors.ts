/**
 * What SQLite refuses, in words. Only what it finds broken is called damaged, because that is what people are told to repair:
 * a file that another program holds, a full disk or a folder of somebody else's is whole.
 */

import { LabError } from '../engine/errors.ts';
import { diskError } from '../engine/formats/durable-files.ts';

/** Codes of SQLite that mean what a code of the system means. */
const SYSTEM_CODES: readonly (readonly [sqlite: string, system: string])[] = [
  ['SQLITE_FULL', 'ENOSPC'],
  ['SQLITE_CANTOPEN', 'EACCES'],
  ['SQLITE_READONLY', 'EACCES'],
  ['SQLITE_PERM', 'EACCES'],
];

/** @param file the database, or the folder that it lies in */
export function storeError(file: string, cause: unknown): LabError {
  if (cause instanceof LabError) return cause;
  const { code } = Object(cause) as { code?: unknown };
  const name = String(code);
  // Of each there are kinds: SQLITE_BUSY_SNAPSHOT.
  if (name.startsWith('SQLITE_BUSY') || name.startsWith('SQLITE_LOCKED'))
    return new LabError(
      'store-in-use',
      `Another program has the lab's data in ${file} open and does not let go of it. Close that program, such as a viewer of databases, and start again.`,
      { file },
      { cause },
    );
  const [, system = name] = SYSTEM_CODES.find(([sqlite]) => name.startsWith(sqlite)) ?? [];
  return diskError(file, system, cause) ?? storeDamaged(file, cause);
}

export function storeDamaged(file: string, cause: unknown): LabError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new LabError(
    'store-damaged',
    `The lab's data in ${file} is damaged and was left as it is. The lab can repair it: the file is kept aside, a new one gets what can still be read, and runs come from their own folders. Start with: npm start -- --repair`,
    { file, reason },
    { cause },
  );
}
