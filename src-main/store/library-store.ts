/** The model folders and text files that a person has added, and the settings: small tables of paths and names. */
import { z } from 'zod';
import type { Connection } from './database.ts';

const rowsSchema = z.array(z.string());

/** Paths in the order in which they were added. */
export class PathStore {
  readonly #database: Connection;
  readonly #table: 'models' | 'data_sets';
  readonly #column: 'folder' | 'file';

  constructor(database: Connection, kind: 'models' | 'texts') {
    this.#database = database;
    this.#table = kind === 'models' ? 'models' : 'data_sets';
    this.#column = kind === 'models' ? 'folder' : 'file';
  }

  list(): string[] {
    const rows = this.#database
      .prepare(`SELECT ${this.#column} FROM ${this.#table} ORDER BY id`)
      .pluck()
      .all();
    return rowsSchema.parse(rows);
  }

  /** What is there already stays. */
  add(path: string, name: string): void {
    this.#database
      .prepare(`INSERT OR IGNORE INTO ${this.#table} (${this.#column}, name, added) VALUES (?, ?, ?)`)
      .run(path, name, new Date().toISOString());
  }

  remove(path: string): void {
    this.#database.prepare(`DELETE FROM ${this.#table} WHERE ${this.#column} = ?`).run(path);
  }
}

/** Settings by name. A value that no longer fits its schema counts as not set. */
export class SettingsStore {
  readonly #database: Connection;

  constructor(database: Connection) {
    this.#database = database;
  }

  read<Schema extends z.ZodType>(name: string, schema: Schema): z.output<Schema> | undefined {
    const text = this.#database.prepare('SELECT value_json FROM settings WHERE name = ?').pluck().get(name);
    if (typeof text !== 'string') return undefined;
    const parsed = schema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  }

  write(name: string, value: unknown): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO settings (name, value_json) VALUES (?, ?)')
      .run(name, JSON.stringify(value));
  }
}
