/**
 * The numbers of runs: a row per step and per epoch, copies of the lines in the run's folder. They are written in groups of
 * one transaction each, and steps are read in columns, as charts want them.
 */
import type { Statement } from 'better-sqlite3';
import { z } from 'zod';
import { type EpochRecord, epochSchema, type StepRecord } from '../engine/training/records.ts';
import type { Connection } from './database.ts';

/** What stands at one place of each belongs to one step. */
export interface StepColumns {
  readonly step: number[];
  readonly loss: number[];
  readonly tokenAccuracy: number[];
}

/** The table is STRICT: SQLite itself vouches for its numbers. */
type StepRow = [step: number, loss: number, tokenAccuracy: number];

const progressSchema = z.object({
  steps: z.number(),
  lastEpoch: z.number().nullable(),
  trainLoss: z.number().nullable(),
});
export type Progress = z.infer<typeof progressSchema>;

export class NumberStore {
  readonly #database: Connection;
  readonly #addStep: Statement;
  readonly #addEpoch: Statement;
  readonly #addSample: Statement;
  readonly #readSteps: Statement<[run: number, after: number, limit: number], StepRow>;
  readonly #readProgress: Statement;

  constructor(database: Connection) {
    this.#database = database;
    this.#addStep = database.prepare(
      `INSERT OR REPLACE INTO steps (run, step, epoch, loss, token_accuracy, learning_rate) VALUES (?, ?, ?, ?, ?, ?)`,
    );
    this.#addEpoch = database.prepare(
      `INSERT OR REPLACE INTO epochs
         (run, epoch, step, train_loss, validation_loss, token_accuracy, entropy, type_token_ratio, repeated_pairs)
       VALUES (@run, @epoch, @step, @trainLoss, @validationLoss, @tokenAccuracy, @entropy, @ttr, @rep2)`,
    );
    this.#addSample = database.prepare('INSERT OR REPLACE INTO samples VALUES (?, ?, ?, ?, ?)');
    this.#readSteps = database
      .prepare<[number, number, number], StepRow>(
        `SELECT step, loss, token_accuracy FROM steps WHERE run = ? AND step > ? ORDER BY step LIMIT ?`,
      )
      .raw();
    this.#readProgress = database.prepare(
      `SELECT (SELECT coalesce(max(step), 0) FROM steps WHERE run = @run) AS steps,
         (SELECT max(epoch) FROM epochs WHERE run = @run) AS lastEpoch,
         (SELECT train_loss FROM epochs WHERE run = @run ORDER BY epoch DESC LIMIT 1) AS trainLoss`,
    );
  }

  /** One transaction. Numbers that are there already are replaced: after a crash a run comes by the same steps again. */
  record(run: number, steps: readonly StepRecord[], epochs: readonly EpochRecord[]): void {
    if (steps.length + epochs.length === 0) return;
    this.#database.transaction(() => {
      for (const { step, epoch, loss, tokenAccuracy, learningRate } of steps)
        this.#addStep.run(run, step, epoch, loss, tokenAccuracy, learningRate);
      for (const { samples, ...epoch } of epochs) {
        this.#addEpoch.run({ run, ...epoch });
        for (const [place, { prompt, text }] of samples.entries())
          this.#addSample.run(run, epoch.epoch, place, prompt, text);
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
  progress(run: number): Progress {
    return progressSchema.parse(this.#readProgress.get({ run }));
  }

  /** Rows from the first step on without a gap: what follows may be missing. */
  isWhole(run: number): boolean {
    const count = 'SELECT coalesce(max(step), 0) = count(*) FROM steps WHERE run = ?';
    return this.#database.prepare(count).pluck().get(run) === 1;
  }

  /** Training loss of evenly spaced epochs, the last among them. */
  lossCurve(run: number, points: number): number[] {
    const rows = this.#database
      .prepare(
        `SELECT train_loss FROM epochs, (SELECT max(epoch) AS last FROM epochs WHERE run = @run)
         WHERE run = @run AND (last - epoch) % (last / @points + 1) = 0 ORDER BY epoch`,
      )
      .pluck()
      .all({ run, points });
    return z.array(z.number()).parse(rows);
  }

  /** Steps after one, in order, as many as asked for. */
  steps(run: number, after = 0, limit = -1): StepColumns {
    const columns: StepColumns = { step: [], loss: [], tokenAccuracy: [] };
    for (const [step, loss, tokenAccuracy] of this.#readSteps.all(run, after, limit)) {
      columns.step.push(step);
      columns.loss.push(loss);
      columns.tokenAccuracy.push(tokenAccuracy);
    }
    return columns;
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
