/**
 * Runs in the database: what was asked for, who worked on it, and copies of the numbers in the run's folder. Numbers come
 * in groups; a run's state is never stored but follows from its attempts.
 */
import { z } from 'zod';
import { type EpochRecord, epochSchema, type StepRecord, stepSchema } from '../engine/training/records.ts';
import type { Connection } from './database.ts';

const runRowSchema = z.object({
  id: z.number(),
  folder: z.string(),
  name: z.string(),
  notes: z.string(),
  model_folder: z.string(),
  data_file: z.string(),
  request_json: z.string(),
  created: z.string(),
});

export const outcomeSchema = z.enum(['finished', 'paused', 'failed', 'interrupted']);
export type Outcome = z.infer<typeof outcomeSchema>;

const attemptRowSchema = z.object({
  id: z.number(),
  began: z.string(),
  process: z.string(),
  ended: z.string().nullable(),
  outcome: outcomeSchema.nullable(),
  error_json: z.string().nullable(),
});

const progressSchema = z.object({
  steps: z.number(),
  lastEpoch: z.number().nullable(),
  trainLoss: z.number().nullable(),
});

export interface StoredRun {
  readonly id: number;
  /** The run's folder: see engine/training/run-folder.ts. */
  readonly folder: string;
  readonly name: string;
  readonly notes: string;
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
}

export class RunStore {
  readonly #database: Connection;

  constructor(database: Connection) {
    this.#database = database;
  }

  add(run: Omit<StoredRun, 'id' | 'notes'>): number {
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

  rename(id: number, name: string, notes: string): void {
    this.#database.prepare('UPDATE runs SET name = ?, notes = ? WHERE id = ?').run(name, notes, id);
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

  endAttempt(attempt: number, outcome: Outcome, error?: unknown): void {
    this.#database
      .prepare('UPDATE attempts SET ended = ?, outcome = ?, error_json = ? WHERE id = ? AND ended IS NULL')
      .run(now(), outcome, error === undefined ? null : JSON.stringify(error), attempt);
  }

  /** At start, when nothing works yet: what has no end was cut off with the app that ran it. */
  endAllOpenAttempts(error: unknown): void {
    this.#database
      .prepare(`UPDATE attempts SET ended = ?, outcome = 'interrupted', error_json = ? WHERE ended IS NULL`)
      .run(now(), JSON.stringify(error));
  }

  /** Oldest first. */
  attempts(run: number): Attempt[] {
    return this.#database
      .prepare(
        'SELECT id, began, process, ended, outcome, error_json FROM attempts WHERE run = ? ORDER BY id',
      )
      .all(run)
      .map((row) => {
        const { error_json: error, ...attempt } = attemptRowSchema.parse(row);
        return { ...attempt, error: error === null ? null : JSON.parse(error) };
      });
  }

  /** One transaction. Numbers that are there already are replaced: after a crash a run comes by the same steps again. */
  record(run: number, steps: readonly StepRecord[], epochs: readonly EpochRecord[]): void {
    const addStep = this.#database.prepare(
      `INSERT OR REPLACE INTO steps (run, step, epoch, loss, token_accuracy, learning_rate)
       VALUES (@run, @step, @epoch, @loss, @tokenAccuracy, @learningRate)`,
    );
    const addEpoch = this.#database.prepare(
      `INSERT OR REPLACE INTO epochs
         (run, epoch, step, train_loss, validation_loss, token_accuracy, entropy, type_token_ratio, repeated_pairs)
       VALUES (@run, @epoch, @step, @trainLoss, @validationLoss, @tokenAccuracy, @entropy, @ttr, @rep2)`,
    );
    const addSample = this.#database.prepare('INSERT OR REPLACE INTO samples VALUES (?, ?, ?, ?, ?)');
    this.#database.transaction(() => {
      for (const step of steps) addStep.run({ run, ...step });
      for (const { samples, ...epoch } of epochs) {
        addEpoch.run({ run, ...epoch });
        for (const [place, { prompt, text }] of samples.entries())
          addSample.run(run, epoch.epoch, place, prompt, text);
      }
    })();
  }

  /** Drops the numbers after a point, which the run is about to come by again. */
  rewind(run: number, step: number, epoch: number): void {
    this.#database.transaction(() => {
      this.#database.prepare('DELETE FROM steps WHERE run = ? AND step > ?').run(run, step);
      this.#database.prepare('DELETE FROM epochs WHERE run = ? AND epoch > ?').run(run, epoch);
    })();
  }

  /** How far a run has come. */
  progress(run: number): { steps: number; lastEpoch: number | null; trainLoss: number | null } {
    const row = this.#database
      .prepare(
        `SELECT (SELECT coalesce(max(step), 0) FROM steps WHERE run = @run) AS steps,
           (SELECT max(epoch) FROM epochs WHERE run = @run) AS lastEpoch,
           (SELECT train_loss FROM epochs WHERE run = @run ORDER BY epoch DESC LIMIT 1) AS trainLoss`,
      )
      .get({ run });
    return progressSchema.parse(row);
  }

  /** Steps after one, in order, as many as asked for. */
  steps(run: number, after = 0, limit = -1): StepRecord[] {
    return this.#database
      .prepare(
        `SELECT step, epoch, loss, token_accuracy AS tokenAccuracy, learning_rate AS learningRate
         FROM steps WHERE run = ? AND step > ? ORDER BY step LIMIT ?`,
      )
      .all(run, after, limit)
      .map((row) => stepSchema.parse(row));
  }

  epochs(run: number, after = -1): EpochRecord[] {
    const samples = this.#database.prepare(
      'SELECT prompt, text FROM samples WHERE run = ? AND epoch = ? ORDER BY place',
    );
    return this.#database
      .prepare(
        `SELECT epoch, step, train_loss AS trainLoss, validation_loss AS validationLoss,
           token_accuracy AS tokenAccuracy, entropy, type_token_ratio AS ttr, repeated_pairs AS rep2
         FROM epochs WHERE run = ? AND epoch > ? ORDER BY epoch`,
      )
      .all(run, after)
      .map((row) => {
        const { epoch } = z.object({ epoch: z.number() }).parse(row);
        return epochSchema.parse({ ...(row as object), samples: samples.all(run, epoch) });
      });
  }
}

function toRun(row: unknown): StoredRun {
  const { model_folder, data_file, request_json, ...run } = runRowSchema.parse(row);
  return { ...run, modelFolder: model_folder, dataFile: data_file, request: JSON.parse(request_json) };
}

function now(): string {
  return new Date().toISOString();
}
