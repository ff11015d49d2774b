/** Comparisons: what was asked for, which never changes, and what was written. What they mean, the lab knows. */
import { z } from 'zod';
import type { Connection } from './database.ts';

const listedSchema = z.object({
  id: z.number(),
  name: z.string(),
  created: z.string(),
  request_json: z.string(),
  outcome: z.string().nullable(),
});

const LISTED = `
  SELECT id, name, created, request_json, json_extract(result_json, '$.outcome') AS outcome FROM comparisons`;

export interface StoredComparison {
  readonly id: number;
  readonly name: string;
  readonly created: string;
  readonly request: unknown;
  /** The result's field "outcome". */
  readonly outcome: string | null;
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

  /** Undefined where there is no such comparison. */
  result(id: number): unknown {
    const text = this.#database.prepare('SELECT result_json FROM comparisons WHERE id = ?').pluck().get(id);
    return typeof text === 'string' ? (JSON.parse(text) as unknown) : undefined;
  }

  saveResult(id: number, result: unknown): void {
    this.#database
      .prepare('UPDATE comparisons SET result_json = ? WHERE id = ?')
      .run(JSON.stringify(result), id);
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
  const { request_json: request, ...listed } = listedSchema.parse(row);
  return { ...listed, request: JSON.parse(request) as unknown };
}
