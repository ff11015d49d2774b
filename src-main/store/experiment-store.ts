/** Experiments: what was asked for, which never changes, and what was found. What they mean, the lab knows. */
import { z } from 'zod';
import type { Connection } from './database.ts';

const outcomeSchema = z.enum(['finished', 'stopped', 'failed']);
export type ExperimentOutcome = z.infer<typeof outcomeSchema>;

const rowSchema = z.object({
  id: z.number(),
  name: z.string(),
  created: z.string(),
  request_json: z.string(),
  outcome: outcomeSchema.nullable(),
  error_json: z.string().nullable(),
});

const LISTED = 'SELECT id, name, created, request_json, outcome, error_json FROM experiments';

export interface StoredExperiment {
  readonly id: number;
  readonly name: string;
  readonly created: string;
  readonly request: unknown;
  /** Null: it is being computed, or the lab ended while it was. */
  readonly outcome: ExperimentOutcome | null;
  readonly error: unknown;
}

export class ExperimentStore {
  readonly #database: Connection;

  constructor(database: Connection) {
    this.#database = database;
  }

  add(name: string, request: unknown): number {
    const { lastInsertRowid } = this.#database
      .prepare('INSERT INTO experiments (name, request_json, created) VALUES (?, ?, ?)')
      .run(name, JSON.stringify(request), new Date().toISOString());
    return Number(lastInsertRowid);
  }

  /** Newest first, without what they found. */
  list(): StoredExperiment[] {
    return this.#database.prepare(`${LISTED} ORDER BY id DESC`).all().map(toExperiment);
  }

  find(id: number): StoredExperiment | undefined {
    const row = this.#database.prepare(`${LISTED} WHERE id = ?`).get(id);
    return row === undefined ? undefined : toExperiment(row);
  }

  /** Undefined where nothing was found yet. */
  results(id: number): unknown {
    const text = this.#database.prepare('SELECT results_json FROM experiments WHERE id = ?').pluck().get(id);
    return typeof text === 'string' ? (JSON.parse(text) as unknown) : undefined;
  }

  saveResults(id: number, results: unknown): void {
    this.#database
      .prepare('UPDATE experiments SET results_json = ? WHERE id = ?')
      .run(JSON.stringify(results), id);
  }

  /** Null where it begins, or goes on. */
  setOutcome(id: number, outcome: ExperimentOutcome | null, error?: unknown): void {
    this.#database
      .prepare('UPDATE experiments SET outcome = ?, error_json = ? WHERE id = ?')
      .run(outcome, error === undefined ? null : JSON.stringify(error), id);
  }

  rename(id: number, name: string): void {
    this.#database.prepare('UPDATE experiments SET name = ? WHERE id = ?').run(name, id);
  }

  remove(id: number): void {
    this.#database.prepare('DELETE FROM experiments WHERE id = ?').run(id);
  }
}

function toExperiment(row: unknown): StoredExperiment {
  const { request_json: request, error_json: error, ...listed } = rowSchema.parse(row);
  return {
    ...listed,
    request: JSON.parse(request) as unknown,
    error: error === null ? null : (JSON.parse(error) as unknown),
  };
}
