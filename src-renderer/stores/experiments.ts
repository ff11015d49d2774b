/** All experiments, as the lab has them now. */
import { defineStore } from 'pinia';
import { computed } from 'vue';
import type { ExperimentRequest } from '../../src-preload/contract/endpoints/experiments.ts';
import { lab } from '../lab/lab.ts';
import { useSignal } from '../lab/use-signal.ts';

export const useExperiments = defineStore('experiments', () => {
  const told = useSignal('experiments');
  const experiments = computed(() => told.value ?? []);
  return {
    experiments,
    loaded: computed(() => told.value !== undefined),
    find: (id: number) => experiments.value.find((experiment) => experiment.id === id),
    start: (request: ExperimentRequest) =>
      lab.call('experiments.start', request).then(({ experiment }) => experiment),
    stop: (experiment: number) => lab.call('experiments.stop', { experiment }),
    resume: (experiment: number) => lab.call('experiments.resume', { experiment }),
    rename: (experiment: number, name: string) => lab.call('experiments.rename', { experiment, name }),
    remove: (experiment: number) => lab.call('experiments.remove', { experiment }),
    show: (experiment: number) => lab.call('experiments.show', { experiment }),
    export: (experiment: number) => lab.call('experiments.export', { experiment }),
    report: (experiments: readonly number[]) =>
      lab.call('experiments.report', { experiments: [...experiments] }),
  };
});
