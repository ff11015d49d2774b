/**
 * Reads what can still be read from a damaged database. A table is read from its beginning up to the damage, and from its
 * end back to it; rows that then refer to lost ones are left out.
 */
import { z } from 'zod';
import type { Connection } from './database.ts';
import { MOVE_ARMS } from './migrations/fourth.ts';

const namesSchema = z.array(z.string());
const columnsSchema = z.array(z.object({ name: z.string(), pk: z.number() }));

/** @param into a new, empty database of this version; @returns how many rows each table got */
export function copyReadableRows(damaged: Connection, into: Connection): Record<string, number> {
  const counts: Record<string, number> = {};
  // Unsafe mode is not needed to read; broken pages then end a reading instead of being skipped silently.
  into.pragma('foreign_keys = OFF');
  const tables = namesSchema.parse(
    into.prepare(`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid`).pluck().all(),
  );
  for (const table of tables) copyTable(damaged, into, table);
  removeOrphans(into, tables);
  into.exec(MOVE_ARMS);
  into.pragma('foreign_keys = ON');
  for (const table of tables)
    counts[table] = Number(into.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
  return counts;
}

function copyTable(damaged: Connection, into: Connection, table: string): void {
  const wanted = columnsOf(into, table);
  const present = new Set(columnsOf(damaged, table).map(({ name }) => name));
  const columns = wanted.map(({ name }) => name).filter((name) => present.has(name));
  if (columns.length === 0) return;
  const key = wanted.filter(({ pk }) => pk > 0).map(({ name }) => name);
  const insert = into.prepare(
    `INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
  );
  for (const direction of ['ASC', 'DESC']) {
    const order = key.map((name) => `${name} ${direction}`).join(', ');
    into.transaction(() => {
      try {
        const rows = damaged
          .prepare(`SELECT ${columns.join(', ')} FROM ${table} ORDER BY ${order}`)
          .raw()
          .iterate();
        for (const row of rows) insert.run(...z.array(z.unknown()).parse(row));
      } catch {
        // Up to here it could be read.
      }
    })();
  }
}

function columnsOf(database: Connection, table: string): z.infer<typeof columnsSchema> {
  try {
    return columnsSchema.parse(database.pragma(`table_info(${table})`));
  } catch {
    return [];
  }
}

/** A row may refer to one that refers to a lost one, so until nothing is left to remove. */
function removeOrphans(database: Connection, tables: readonly string[]): void {
  database.pragma('foreign_keys = ON');
  for (const table of tables) {
    const references = z
      .array(
        z.object({
          id: z.number(),
          seq: z.number(),
          table: z.string(),
          from: z.string(),
          to: z.string().nullable(),
        }),
      )
      .parse(database.pragma(`foreign_key_list(${table})`));
    for (const id of new Set(references.map((reference) => reference.id))) {
      const columns = references.filter((reference) => reference.id === id);
      const parent = columns[0]!.table;
      const key = columnsOf(database, parent)
        .filter(({ pk }) => pk > 0)
        .sort((first, second) => first.pk - second.pk);
      const match = columns
        .map(({ from, to, seq }) => `${parent}.${to ?? key[seq]!.name} = ${table}.${from}`)
        .join(' AND ');
      database.exec(`DELETE FROM ${table} WHERE NOT EXISTS (SELECT 1 FROM ${parent} WHERE ${match})`);
    }
  }
}
