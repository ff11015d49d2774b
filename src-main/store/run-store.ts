/**
 * Runs in the database: what was asked for, and who worked on it. A run's state is never stored but follows from its
 * attempts; its numbers and checkpoints have stores of their own.
 */
import { z } from 'zod';
import { CheckpointStore } from './checkpoint-store.ts';
import type { Connection } from './database.ts';
import { NumberStore } from './number-store.ts';

const runRowSchema = z.object({
  id: z.number(),
  folder: z.string(),
  name: z.string(),
  notes: z.string(),
  model_folder: z.string(),
  data_file: z.string(),
  request_json: z.string(),
  created: z.string(),
  tags_json: z.string(),
  favourite: z.number(),
  total_steps: z.number().nullable(),
});
const tagsSchema = z.array(z.string());

const outcomeSchema = z.enum(['finished', 'paused', 'failed', 'interrupted']);
export type Outcome = z.infer<typeof outcomeSchema>;

const attemptRowSchema = z.object({
  id: z.number(),
  began: z.string(),
  process: z.string(),
  ended: z.string().nullable(),
  outcome: outcomeSchema.nullable(),
  error_json: z.string().nullable(),
  peak_memory_bytes: z.number().nullable(),
  disk_bytes: z.number().nullable(),
  stopped: z.string().nullable(),
});

export interface StoredRun {
  readonly id: number;
  /** The run's folder: see engine/training/run-folder.ts. */
  readonly folder: string;
  readonly name: string;
  readonly notes: string;
  readonly tags: string[];
  readonly favourite: boolean;
  /** Null before the text was cut into windows. */
  readonly totalSteps: number | null;
  readonly modelFolder: string;
  readonly dataFile: string;
  /** As it was asked for; checked by whoever knows its schema. */
  readonly request: unknown;
  readonly created: string;
}

export interface Attempt {
  readonly id: number;
  readonly began: string;
  readonly process: string;
  readonly ended: string | null;
  readonly outcome: Outcome | null;
  readonly error: unknown;
  readonly peakMemoryBytes: number | null;
  /** Of the run's folder at its largest. */
  readonly diskBytes: number | null;
  /** Why it ended before the last epoch. */
  readonly stopped: string | null;
}

export class RunStore {
  readonly numbers: NumberStore;
  readonly checkpoints: CheckpointStore;
  readonly #database: Connection;

  constructor(database: Connection) {
    this.#database = database;
    this.numbers = new NumberStore(database);
    this.checkpoints = new CheckpointStore(database);
  }

  add(run: Pick<StoredRun, 'folder' | 'name' | 'modelFolder' | 'dataFile' | 'request' | 'created'>): number {
    const { lastInsertRowid } = this.#database
      .prepare(
        `INSERT INTO runs (folder, name, model_folder, data_file, request_json, created)
         VALUES (@folder, @name, @modelFolder, @dataFile, @request, @created)`,
      )
      .run({ ...run, request: JSON.stringify(run.request) });
    return Number(lastInsertRowid);
  }

  /** Newest first. */
  list(): StoredRun[] {
    return this.#database.prepare('SELECT * FROM runs ORDER BY id DESC').all().map(toRun);
  }

  find(id: number): StoredRun | undefined {
    const row = this.#database.prepare('SELECT * FROM runs WHERE id = ?').get(id);
    return row === undefined ? undefined : toRun(row);
  }

  edit(id: number, run: Pick<StoredRun, 'name' | 'notes' | 'tags' | 'favourite'>): void {
    this.#database
      .prepare(
        'UPDATE runs SET name = @name, notes = @notes, tags_json = @tags, favourite = @favourite WHERE id = @id',
      )
      .run({ ...run, id, tags: JSON.stringify(run.tags), favourite: run.favourite ? 1 : 0 });
  }

  setTotalSteps(id: number, totalSteps: number): void {
    this.#database.prepare('UPDATE runs SET total_steps = ? WHERE id = ?').run(totalSteps, id);
  }

  /** Its rows; the folder is the caller's. */
  remove(id: number): void {
    this.#database.prepare('DELETE FROM runs WHERE id = ?').run(id);
  }

  beginAttempt(run: number, process: string): number {
    const { lastInsertRowid } = this.#database
      .prepare('INSERT INTO attempts (run, began, process) VALUES (?, ?, ?)')
      .run(run, now(), process);
    return Number(lastInsertRowid);
  }

  /** @param error why, where it did not end by itself; @param stopped why it ended before the last epoch */
  endAttempt(attempt: number, outcome: Outcome, error?: unknown, stopped: string | null = null): void {
    this.#database
      .prepare(
        'UPDATE attempts SET ended = ?, outcome = ?, error_json = ?, stopped = ? WHERE id = ? AND ended IS NULL',
      )
      .run(now(), outcome, error === undefined ? null : JSON.stringify(error), stopped, attempt);
  }

  setPeakMemory(attempt: number, bytes: number): void {
    this.#database.prepare('UPDATE attempts SET peak_memory_bytes = ? WHERE id = ?').run(bytes, attempt);
  }

  setDiskBytes(attempt: number, bytes: number): void {
    this.#database.prepare('UPDATE attempts SET disk_bytes = ? WHERE id = ?').run(bytes, attempt);
  }

  /** Oldest first. */
  attempts(run: number): Attempt[] {
    return this.#database
      .prepare(
        `SELECT id, began, process, ended, outcome, error_json, peak_memory_bytes, disk_bytes, stopped
         FROM attempts WHERE run = ? ORDER BY id`,
      )
      .all(run)
      .map((row) => {
        const { error_json: error, peak_memory_bytes, disk_bytes, ...attempt } = attemptRowSchema.parse(row);
        return {
          ...attempt,
          error: error === null ? null : JSON.parse(error),
          peakMemoryBytes: peak_memory_bytes,
          diskBytes: disk_bytes,
        };
      });
  }
}

function toRun(row: unknown): StoredRun {
  const { model_folder, data_file, request_json, tags_json, total_steps, ...run } = runRowSchema.parse(row);
  return {
    ...run,
    modelFolder: model_folder,
    dataFile: data_file,
    request: JSON.parse(request_json),
    tags: tagsSchema.parse(JSON.parse(tags_json)),
    favourite: run.favourite === 1,
    totalSteps: total_steps,
  };
}

function now(): string {
  return new Date().toISOString();
}
