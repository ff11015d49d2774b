/** Work that a person has started: whether it is under way, and what to say if it failed. */
import { shallowRef } from 'vue';
import { reasonOf } from './reason-of.ts';

export function useAction<Arguments extends unknown[]>(work: (...given: Arguments) => Promise<unknown>) {
  const isBusy = shallowRef(false);
  const problem = shallowRef('');
  async function run(...given: Arguments): Promise<void> {
    if (isBusy.value) return;
    isBusy.value = true;
    problem.value = '';
    try {
      await work(...given);
    } catch (error) {
      problem.value = reasonOf(error);
    } finally {
      isBusy.value = false;
    }
  }
  return { isBusy, problem, run };
}
