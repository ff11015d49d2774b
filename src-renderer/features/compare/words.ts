/** A comparison's states in the words of the screens. */
import type { ComparisonState } from '../../../src-preload/contract/endpoints/comparison.ts';

export const COMPARISON_WORDS: Readonly<Record<ComparisonState, string>> = {
  waiting: 'Waiting for its turn',
  writing: 'Being written',
  finished: 'Finished',
  stopped: 'Incomplete: it was stopped',
  failed: 'Incomplete: it failed',
};
