/**
 * Gradient accumulation: where a batch does not fit into memory, its windows are computed a few at a time, their
 * gradients are added up, and the update is that of the whole batch.
 */

/**
 * Windows that are computed at a time: as many as are allowed, if that divides the batch, else the next smaller number that
 * does. All parts are alike, so one compiled graph serves them all, and each token has its equal share in the mean.
 *
 * @param atMost null: all of the batch
 */
export function microBatchOf(batch: number, atMost: number | null): number {
  let size = Math.min(batch, atMost ?? batch);
  while (batch % size !== 0) size--;
  return size;
}

/** What a graph of a training step does of a batch. */
export interface PartOfBatch {
  /** Parts that the batch is computed in. */
  readonly of: number;
  /** Whether gradients are added to inputs "sum NAME", which they replace. */
  readonly addsUp: boolean;
}

export const WHOLE_BATCH: PartOfBatch = { of: 1, addsUp: false };
