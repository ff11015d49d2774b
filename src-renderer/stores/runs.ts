/** All runs, as the lab has them now. */
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { Run, RunNotes, RunRequest } from '../../src-preload/contract/endpoints/runs.ts';
import { lab } from '../lab/lab.ts';
import { keepUnchanged } from './keep-unchanged.ts';

/** It has ended before its time, and its folder is there to go on from. */
export function canGoOn({ state }: Run): boolean {
  return state === 'paused' || state === 'interrupted' || state === 'failed';
}

export const useRuns = defineStore('runs', () => {
  const runs = shallowRef<readonly Run[]>([]);
  const loaded = shallowRef(false);
  /** Grows with each checkpoint kept here, so that lists of them are read again. */
  const keptCheckpoints = shallowRef(0);
  lab.watch('runs', (value) => {
    runs.value = keepUnchanged(runs.value, value);
    loaded.value = true;
  });
  const active = computed(() => runs.value.filter(({ state }) => state === 'running' || state === 'waiting'));
  return {
    runs,
    loaded,
    active,
    keptCheckpoints,
    find: (id: number) => runs.value.find((run) => run.id === id),
    start: (request: RunRequest) => lab.call('runs.start', request).then(({ run }) => run),
    pause: (run: number) => lab.call('runs.pause', { run }),
    resume: (run: number) => lab.call('runs.resume', { run }),
    finish: (run: number) => lab.call('runs.finish', { run }),
    checkpoints: (run: number) => lab.call('runs.checkpoints', { run }),
    keepCheckpoint: async (run: number) => {
      await lab.call('runs.keepCheckpoint', { run });
      keptCheckpoints.value++;
    },
    /** What is not among the changes stays. */
    edit: ({ id, name, notes, tags, favourite }: Run, changes: Partial<RunNotes>) =>
      lab.call('runs.edit', { run: id, name, notes, tags, favourite, ...changes }),
    remove: (run: number) => lab.call('runs.remove', { run }),
  };
});
