/** An experiment's stages as shares of the whole. */
import type { Context } from './experiment.ts';

/** Tells that a stage, which takes the whole's shares `from` to `to`, begins; then, by the result, how far it is (0 to 1). */
export function beginStage(
  { onProgress }: Pick<Context<unknown>, 'onProgress'>,
  stage: string,
  [from, to]: readonly [from: number, to: number],
): (share: number) => void {
  onProgress(from, stage);
  return (share) => onProgress(from + (to - from) * share, stage);
}
