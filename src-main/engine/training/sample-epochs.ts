/**
 * At which epochs sample texts are written. Writing is slow beside learning: a token at a time goes through the whole model.
 * So where a recipe does not say how often, a short run of a small model writes at every epoch, and any other as often as
 * all that is measured on its way stays within a tenth of it, three times at least. That is counted and never timed: the
 * same run has its texts at the same epochs on every computer, and when it goes on after a stop.
 */
import type { MultiplyAdds } from './multiply-adds.ts';
import type { Recipe } from './recipe.ts';

/** Of a run: for held-out windows and sample texts together. */
const SHARE = 0.1;
/**
 * What a token of all texts takes, in multiply-adds of a training step: its own, which wait for weights to be read from
 * memory, take so many times as long; and so many others could be computed while one block is merely called. Fitted on one
 * core to models of 2 and 15 million weights: on these, within a tenth.
 */
const SLOWNESS = 2.5;
const CALL_OF_BLOCK = 16e6;
/** A run whose texts take less in all is short: half a minute on one core. */
const LITTLE = 5e11;

/** Windows that there are. */
export interface WindowCounts {
  readonly train: number;
  readonly heldOut: number;
}

/** Epochs from one writing of sample texts to the next: 1 where they are written at every epoch. */
export function epochsBetweenSamples(
  { learnedWindow, measuredWindow, writtenToken, blocks }: MultiplyAdds,
  { epochs, batch, samples, samplesEvery, sampleTokens }: Recipe,
  { train, heldOut }: WindowCounts,
): number {
  const texts = Math.min(samples, heldOut);
  if (samplesEvery !== null || texts === 0) return samplesEvery ?? 1;
  const writing = sampleTokens * (SLOWNESS * texts * writtenToken + CALL_OF_BLOCK * blocks);
  if ((epochs + 1) * writing <= LITTLE) return 1;
  const learned = train - (train % Math.max(1, Math.min(batch, train)));
  const learning = epochs * learned * learnedWindow;
  const measuring = (epochs + 1) * heldOut * measuredWindow;
  const affordable = (SHARE / (1 - SHARE)) * learning - measuring;
  const times = Math.floor(affordable / writing);
  // Before the first step, half-way and at the end at least: a change shows in no fewer.
  return Math.ceil(epochs / Math.max(2, times - 1));
}

/** @param isLast the run is over with this epoch, if earlier than its recipe says */
export function hasSamples(epoch: number, every: number, isLast: boolean): boolean {
  return isLast || epoch % every === 0;
}

/** How often a run of so many epochs writes its sample texts. */
export function samplingTimes(epochs: number, every: number): number {
  return 1 + Math.ceil(epochs / every);
}
