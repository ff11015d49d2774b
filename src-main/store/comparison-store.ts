/** Comparisons: what was asked for, how it ended, and what each arm has written. What they mean, the lab knows. */
import { z } from 'zod';
import type { Connection } from './database.ts';

const listedSchema = z.object({
  id: z.number(),
  name: z.string(),
  created: z.string(),
  request_json: z.string(),
  result_json: z.string().nullable(),
});

const LISTED = 'SELECT id, name, created, request_json, result_json FROM comparisons';

export interface StoredComparison {
  readonly id: number;
  readonly name: string;
  readonly created: string;
  readonly request: unknown;
  /** How it ended. */
  readonly result: unknown;
}

export class ComparisonStore {
  readonly #database: Connection;

  constructor(database: Connection) {
    this.#database = database;
  }

  add(name: string, request: unknown, result: unknown): number {
    const { lastInsertRowid } = this.#database
      .prepare('INSERT INTO comparisons (name, request_json, result_json, created) VALUES (?, ?, ?, ?)')
      .run(name, JSON.stringify(request), JSON.stringify(result), new Date().toISOString());
    return Number(lastInsertRowid);
  }

  /** Newest first, without their texts. */
  list(): StoredComparison[] {
    return this.#database.prepare(`${LISTED} ORDER BY id DESC`).all().map(toComparison);
  }

  find(id: number): StoredComparison | undefined {
    const row = this.#database.prepare(`${LISTED} WHERE id = ?`).get(id);
    return row === undefined ? undefined : toComparison(row);
  }

  saveRequest(id: number, request: unknown): void {
    this.#database
      .prepare('UPDATE comparisons SET request_json = ? WHERE id = ?')
      .run(JSON.stringify(request), id);
  }

  saveResult(id: number, result: unknown): void {
    this.#database
      .prepare('UPDATE comparisons SET result_json = ? WHERE id = ?')
      .run(JSON.stringify(result), id);
  }

  /** What the arm at this place has written; undefined: nothing. */
  arm(id: number, place: number): unknown {
    const text = this.#database
      .prepare('SELECT written_json FROM comparison_arms WHERE comparison = ? AND place = ?')
      .pluck()
      .get(id, place);
    return typeof text === 'string' ? (JSON.parse(text) as unknown) : undefined;
  }

  saveArm(id: number, place: number, written: unknown): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO comparison_arms (comparison, place, written_json) VALUES (?, ?, ?)')
      .run(id, place, JSON.stringify(written));
  }

  rename(id: number, name: string): void {
    this.#database.prepare('UPDATE comparisons SET name = ? WHERE id = ?').run(name, id);
  }

  /** With what people thought of its texts. */
  remove(id: number): void {
    this.#database.prepare('DELETE FROM comparisons WHERE id = ?').run(id);
  }
}

function toComparison(row: unknown): StoredComparison {
  const { request_json: request, result_json: result, ...listed } = listedSchema.parse(row);
  return {
    ...listed,
    request: JSON.parse(request) as unknown,
    result: result === null ? null : (JSON.parse(result) as unknown),
  };
}
