/** All comparisons, as the lab has them now. */
import { defineStore } from 'pinia';
import { computed } from 'vue';
import type { Arm, ComparisonRequest } from '../../src-preload/contract/endpoints/comparison.ts';
import { lab } from '../lab/lab.ts';
import { useSignal } from '../lab/use-signal.ts';

export const useComparisons = defineStore('comparisons', () => {
  const told = useSignal('comparisons');
  const comparisons = computed(() => told.value ?? []);
  return {
    comparisons,
    loaded: computed(() => told.value !== undefined),
    find: (id: number) => comparisons.value.find((comparison) => comparison.id === id),
    start: (request: ComparisonRequest) =>
      lab.call('comparisons.start', request).then(({ comparison }) => comparison),
    stop: (comparison: number) => lab.call('comparisons.stop', { comparison }),
    resume: (comparison: number) => lab.call('comparisons.resume', { comparison }),
    addArm: (comparison: number, arm: Arm) => lab.call('comparisons.addArm', { comparison, arm }),
    /** @returns the comparison's number */
    take: (name: string, text: string) =>
      lab.call('comparisons.import', { name, text }).then(({ comparison }) => comparison),
    rename: (comparison: number, name: string) => lab.call('comparisons.rename', { comparison, name }),
    remove: (comparison: number) => lab.call('comparisons.remove', { comparison }),
  };
});
