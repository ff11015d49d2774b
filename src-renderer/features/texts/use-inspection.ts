/** What is found in a file, read by the columns that are chosen. A newer question, or leaving, ends the one before. */
import { onScopeDispose, shallowRef } from 'vue';
import type { Inspection, TextColumns } from '../../../src-preload/contract/endpoints/texts.ts';
import { lab } from '../../lab/lab.ts';
import { reasonOf } from '../../lab/reason-of.ts';

export function useInspection(file: string) {
  const inspection = shallowRef<Inspection>();
  const isReading = shallowRef(false);
  const problem = shallowRef('');
  let controller = new AbortController();
  onScopeDispose(() => controller.abort());

  /** @param columns null: by their names */
  async function look(columns: TextColumns | null): Promise<void> {
    controller.abort();
    controller = new AbortController();
    const { signal } = controller;
    isReading.value = true;
    problem.value = '';
    try {
      inspection.value = await lab.call('texts.inspect', { file, columns }, signal);
    } catch (error) {
      if (signal.aborted) return;
      inspection.value = undefined;
      problem.value = reasonOf(error);
    }
    isReading.value = false;
  }

  /** What was found before stays. */
  function stop(): void {
    controller.abort();
    isReading.value = false;
  }

  return { inspection, isReading, problem, look, stop };
}
