/** An experiment's states in the words of the screens. */
import type { ExperimentState } from '../../../src-preload/contract/endpoints/experiments.ts';

export const EXPERIMENT_WORDS: Readonly<Record<ExperimentState, string>> = {
  waiting: 'Waiting for its turn',
  running: 'Being computed',
  finished: 'Finished',
  stopped: 'Stopped, can go on',
  failed: 'Failed',
};
