/** A comparison's states in the words of the screens, and what is still missing of it. */
import type {
  Comparison,
  ComparisonState,
  Writer,
} from '../../../src-preload/contract/endpoints/comparison.ts';
import { isolated } from '../../../src-preload/contract/isolated.ts';

export const COMPARISON_WORDS: Readonly<Record<ComparisonState, string>> = {
  waiting: 'Waiting for its turn',
  writing: 'Being written',
  finished: 'Finished',
  stopped: 'Incomplete: it was stopped',
  failed: 'Incomplete: it failed',
};

/** Nothing is being written, nor will be by itself. */
export function isOver(state: ComparisonState): boolean {
  return state !== 'waiting' && state !== 'writing';
}

/** @param complete whether each arm is. @returns a sentence; empty where nothing is missing */
export function missingWords(arms: Comparison['request']['arms'], complete: readonly boolean[]): string {
  const missing = arms.filter((_, arm) => !complete[arm]).map(({ name }) => isolated(name));
  if (missing.length === 0) return '';
  if (missing.length === arms.length) return 'No one has written all texts yet.';
  const there = arms.length - missing.length;
  return `Complete: ${there} of ${arms.length} who write. Missing, whole or in part: ${missing.join('; ')}.`;
}

export function writerName(writer: Writer, arms: Comparison['request']['arms']): string {
  return writer === 'human' ? 'The human writer' : (arms[writer]?.name ?? `Writer ${writer + 1}`);
}
