/** What each arm would write next at a place, as it is computed; asked anew a moment after a person has gone on. */
import { watchDebounced } from '@vueuse/core';
import { onScopeDispose, shallowRef } from 'vue';
import type { Prediction } from '../../../src-preload/contract/endpoints/comparison.ts';
import { lab } from '../../lab/lab.ts';
import { reasonOf } from '../../lab/reason-of.ts';
import type { Place } from './comparison-view.ts';

const AFTER_WALKING = { debounce: 200, immediate: true };

export function usePredictions(comparison: () => number, place: () => Place | undefined) {
  /** By arm, as far as they have come. */
  const predictions = shallowRef<ReadonlyMap<number, Prediction>>(new Map());
  const isAsking = shallowRef(false);
  const problem = shallowRef('');
  let controller = new AbortController();
  onScopeDispose(() => controller.abort());

  watchDebounced(
    place,
    async (at) => {
      controller.abort();
      controller = new AbortController();
      const { signal } = controller;
      predictions.value = new Map();
      problem.value = '';
      isAsking.value = at !== undefined;
      if (!at) return;
      const { arm, prompt, token: tokens } = at;
      try {
        await lab.open(
          'comparisons.inspect',
          { comparison: comparison(), arm, prompt, tokens },
          {
            signal,
            onPacket: (one) => {
              if (!signal.aborted) predictions.value = new Map([...predictions.value, [one.arm, one]]);
            },
          },
        );
      } catch (error) {
        if (!signal.aborted) problem.value = reasonOf(error);
      }
      if (!signal.aborted) isAsking.value = false;
    },
    AFTER_WALKING,
  );
  return { predictions, isAsking, problem };
}
