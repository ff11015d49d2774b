/** An experiment's stages as shares of the whole. */
import type { Context } from './experiment.ts';

/** Tells that a stage, which takes the whole's shares `from` to `to`, begins; then, by the result, how far it is (0 to 1), in other words where there are such. */
export function beginStage(
  { onProgress }: Pick<Context<unknown>, 'onProgress'>,
  stage: string,
  [from, to]: readonly [from: number, to: number],
): (share: number, words?: string) => void {
  onProgress(from, stage);
  return (share, words = stage) => onProgress(from + (to - from) * share, words);
}
