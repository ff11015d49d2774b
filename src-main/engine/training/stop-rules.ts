/** When a run is over before its last epoch, and the sentence that says why. */
import type { Recipe } from './recipe.ts';
import type { EpochRecord } from './records.ts';

/** @returns why the run is over; undefined where it goes on */
export function stopReason(
  { stopAtLoss, stopAtAccuracy }: Pick<Recipe, 'stopAtLoss' | 'stopAtAccuracy'>,
  epochs: readonly Pick<EpochRecord, 'epoch' | 'trainLoss' | 'tokenAccuracy'>[],
): string | undefined {
  // Epoch 0 is measured before anything is learned.
  const trained = epochs.filter(({ epoch }) => epoch > 0);
  const last = trained.at(-1);
  if (last === undefined) return undefined;
  if (stopAtLoss && trained.length >= stopAtLoss.epochs) {
    const recent = trained.slice(-stopAtLoss.epochs);
    if (recent.every(({ trainLoss }) => trainLoss < stopAtLoss.loss))
      return `The training loss stayed below ${stopAtLoss.loss} for ${stopAtLoss.epochs} epochs.`;
  }
  if (stopAtAccuracy !== null && last.tokenAccuracy >= stopAtAccuracy)
    return `${(last.tokenAccuracy * 100).toFixed(1)} % of the training tokens are predicted right.`;
  return undefined;
}

export function stoppedByHand(step: number): string {
  return `It was stopped by hand after step ${step}, to be used as it is.`;
}
