/** Where the loss on other text begins to rise: the epoch with the lowest, once a later one is clearly above it. */
import type { Epoch } from '../../../src-preload/contract/endpoints/runs.ts';

/** Below this share it is noise of the measurement. */
const CLEARLY = 0.01;

export interface Rise {
  readonly epoch: number;
  readonly step: number;
  /** Nats. */
  readonly lowest: number;
  readonly now: number;
}

export function riseOf(
  epochs: readonly Pick<Epoch, 'epoch' | 'step' | 'validationLoss'>[],
): Rise | undefined {
  let low: Rise | undefined;
  for (const { epoch, step, validationLoss: loss } of epochs) {
    if (loss === null) continue;
    low =
      low === undefined || loss < low.lowest
        ? { epoch, step, lowest: loss, now: loss }
        : { ...low, now: loss };
  }
  return low && low.now > low.lowest * (1 + CLEARLY) ? low : undefined;
}
