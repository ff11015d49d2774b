/** What an experiment has to show by now: read again when the lab tells of a change, but not more often than one can read. */
import { useThrottleFn } from '@vueuse/core';
import { shallowRef, watch } from 'vue';
import type { OutputOf } from '../../../src-preload/contract/endpoint.ts';
import type { Experiment, experimentsContract } from '../../../src-preload/contract/endpoints/experiments.ts';
import { reasonOf } from '../../lab/reason-of.ts';
import { useExperiments } from '../../stores/experiments.ts';

const READING_MILLISECONDS = 1500;

export type Shown = OutputOf<(typeof experimentsContract)['experiments.show']>;

export function useShowing(experiment: () => Experiment) {
  const experiments = useExperiments();
  const shown = shallowRef<Shown>();
  const problem = shallowRef('');

  async function read(): Promise<void> {
    try {
      const found = await experiments.show(experiment().id);
      // What has not changed stays as it is, so that nothing is drawn anew under a reader's eyes.
      if (JSON.stringify(found) !== JSON.stringify(shown.value)) shown.value = found;
      problem.value = '';
    } catch (error) {
      problem.value = reasonOf(error);
    }
  }
  const readSoon = useThrottleFn(read, READING_MILLISECONDS, true);
  watch(experiment, () => readSoon(), { immediate: true });
  return { shown, problem };
}
