/** The model folders and text files that a person has added, and the settings: small tables of paths and names. */
import { z } from 'zod';
import type { Connection } from './database.ts';

const rowsSchema = z.array(z.object({ path: z.string(), details: z.string() }));

/** Paths in the order in which they were added, each with what the lab has found out about it. */
export class PathStore<Details extends z.ZodType> {
  readonly #database: Connection;
  readonly #table: 'models' | 'data_sets';
  readonly #column: 'folder' | 'file';
  readonly #details: Details;

  /** @param details what does not fit it, such as of another version, counts as `{}` */
  constructor(database: Connection, kind: 'models' | 'texts', details: Details) {
    this.#database = database;
    this.#table = kind === 'models' ? 'models' : 'data_sets';
    this.#column = kind === 'models' ? 'folder' : 'file';
    this.#details = details;
  }

  list(): { path: string; details: z.output<Details> }[] {
    const rows = this.#database
      .prepare(`SELECT ${this.#column} AS path, details_json AS details FROM ${this.#table} ORDER BY id`)
      .all();
    return rowsSchema.parse(rows).map(({ path, details }) => {
      const parsed = this.#details.safeParse(fromJson(details));
      return { path, details: parsed.success ? parsed.data : this.#details.parse({}) };
    });
  }

  /** Undefined where it was not added. */
  detailsOf(path: string): z.output<Details> | undefined {
    return this.list().find((stored) => stored.path === path)?.details;
  }

  /** What is there already stays. */
  add(path: string, name: string): void {
    this.#database
      .prepare(`INSERT OR IGNORE INTO ${this.#table} (${this.#column}, name, added) VALUES (?, ?, ?)`)
      .run(path, name, new Date().toISOString());
  }

  setDetails(path: string, details: z.output<Details>): void {
    this.#database
      .prepare(`UPDATE ${this.#table} SET details_json = ? WHERE ${this.#column} = ?`)
      .run(JSON.stringify(details), path);
  }

  remove(path: string): void {
    this.#database.prepare(`DELETE FROM ${this.#table} WHERE ${this.#column} = ?`).run(path);
  }

  /** From now on it lies elsewhere; whoever knows the place of before finds it by `whereIs`. */
  move(path: string, to: string, name: string): void {
    this.#database.transaction(() => {
      this.remove(to);
      this.#database
        .prepare(`UPDATE ${this.#table} SET ${this.#column} = ?, name = ? WHERE ${this.#column} = ?`)
        .run(to, name, path);
      this.#database.prepare('UPDATE moved_paths SET is_now = ? WHERE is_now = ?').run(to, path);
      this.#database
        .prepare('INSERT OR REPLACE INTO moved_paths (was, is_now, told) VALUES (?, ?, ?)')
        .run(path, to, new Date().toISOString());
      this.#database.prepare('DELETE FROM moved_paths WHERE was = ?').run(to);
    })();
  }

  /** The place of now of what lay there. */
  whereIs(path: string): string {
    const found = this.#database.prepare('SELECT is_now FROM moved_paths WHERE was = ?').pluck().get(path);
    return typeof found === 'string' ? found : path;
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
    const parsed = schema.safeParse(fromJson(text));
    return parsed.success ? parsed.data : undefined;
  }

  write(name: string, value: unknown): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO settings (name, value_json) VALUES (?, ?)')
      .run(name, JSON.stringify(value));
  }
}

/** People may open the file themselves: what is no JSON any more counts as nothing, and keeps no lab from opening. */
function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
