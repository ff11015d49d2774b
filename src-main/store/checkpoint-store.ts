/** Checkpoints in the database: what lies in the run's folder, with the hashes that it must have. */
import { z } from 'zod';
import { type CheckpointFiles, checkpointFilesSchema } from '../engine/training/checkpoints.ts';
import type { Connection } from './database.ts';

const rowSchema = z
  .object({
    step: z.number(),
    epoch: z.number(),
    kept: z.number(),
    folder: z.string(),
    bytes: z.number(),
    sha256_json: z.string(),
  })
  .transform(({ sha256_json, kept, ...row }) => ({
    ...row,
    kept: kept === 1,
    sha256: JSON.parse(sha256_json),
  }))
  .pipe(checkpointFilesSchema);

export class CheckpointStore {
  readonly #database: Connection;

  constructor(database: Connection) {
    this.#database = database;
  }

  /** Kept ones in their order, then the one to go on from. */
  list(run: number): CheckpointFiles[] {
    const rows = this.#database
      .prepare('SELECT * FROM checkpoints WHERE run = ? ORDER BY kept DESC, step, epoch')
      .all(run);
    return rows.map((row) => rowSchema.parse(row));
  }

  /** The one to go on from takes the place of the one before. */
  add(run: number, { sha256, ...checkpoint }: CheckpointFiles): void {
    this.#database.transaction(() => {
      if (!checkpoint.kept)
        this.#database.prepare('DELETE FROM checkpoints WHERE run = ? AND kept = 0').run(run);
      this.#database
        .prepare(
          `INSERT OR REPLACE INTO checkpoints (run, folder, step, epoch, kept, bytes, sha256_json)
           VALUES (@run, @folder, @step, @epoch, @kept, @bytes, @sha256)`,
        )
        .run({ run, ...checkpoint, kept: checkpoint.kept ? 1 : 0, sha256: JSON.stringify(sha256) });
    })();
  }

  /** Makes the list what was found in the folder. */
  replace(run: number, checkpoints: readonly CheckpointFiles[]): void {
    this.#database.transaction(() => {
      this.#database.prepare('DELETE FROM checkpoints WHERE run = ?').run(run);
      for (const checkpoint of checkpoints) this.add(run, checkpoint);
    })();
  }
}
