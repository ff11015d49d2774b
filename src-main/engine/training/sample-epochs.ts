/**
 * At which epochs sample texts are written. Writing is slow beside learning: a token at a time goes through the whole model.
 * So where a recipe does not say how often, they are written as often as all that is measured on the way of a run stays
 * within a tenth of it: before the first step and after the last one at least. That is counted and never timed: the same run
 * has its texts at the same epochs on every computer, and when it goes on after a stop.
 */
import { type MultiplyAdds, writtenStep } from './multiply-adds.ts';
import type { Recipe } from './recipe.ts';

/** Of a run: for held-out windows and sample texts together. */
const SHARE = 0.1;

/** Windows that there are. */
export interface WindowCounts {
  readonly train: number;
  readonly heldOut: number;
}

/** Epochs from one writing of sample texts to the next: 1 where they are written at every epoch. */
export function epochsBetweenSamples(
  counted: MultiplyAdds,
  { epochs, batch, samples, samplesEvery, sampleTokens }: Recipe,
  { train, heldOut }: WindowCounts,
): number {
  const texts = Math.min(samples, heldOut);
  if (samplesEvery !== null || texts === 0) return samplesEvery ?? 1;
  const learned = train - (train % Math.max(1, Math.min(batch, train)));
  const learning = epochs * learned * counted.learnedWindow;
  const measuring = (epochs + 1) * heldOut * counted.measuredWindow;
  const affordable = (SHARE / (1 - SHARE)) * learning - measuring;
  const times = Math.floor(affordable / (sampleTokens * writtenStep(counted, texts)));
  return Math.ceil(epochs / Math.max(1, times - 1));
}

/** @param isLast the run is over with this epoch, if earlier than its recipe says */
export function hasSamples(epoch: number, every: number, isLast: boolean): boolean {
  return isLast || epoch % every === 0;
}

/** How often a run of so many epochs writes its sample texts. */
export function samplingTimes(epochs: number, every: number): number {
  return 1 + Math.ceil(epochs / every);
}
