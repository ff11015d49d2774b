/** All runs, as the lab has them now. */
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { Run, RunRequest } from '../../src-preload/contract/shapes.ts';
import { lab } from '../lab/lab.ts';

export const useRuns = defineStore('runs', () => {
  const runs = shallowRef<readonly Run[]>([]);
  const loaded = shallowRef(false);
  lab.watch('runs', (value) => {
    runs.value = value;
    loaded.value = true;
  });
  const active = computed(() => runs.value.filter(({ state }) => state === 'running' || state === 'waiting'));
  return {
    runs,
    loaded,
    active,
    find: (id: number) => runs.value.find((run) => run.id === id),
    start: (request: RunRequest) => lab.call('runs.start', request).then(({ run }) => run),
    pause: (run: number) => lab.call('runs.pause', { run }),
    resume: (run: number) => lab.call('runs.resume', { run }),
    remove: (run: number) => lab.call('runs.remove', { run }),
  };
});
