/** An answer of the lab that follows what is being chosen: asked again after each change, older questions cancelled. */
import { useDebounceFn } from '@vueuse/core';
import { onScopeDispose, shallowRef, watch } from 'vue';
import { reasonOf } from './reason-of.ts';

const AFTER_TYPING = 300;

/**
 * @param question what to ask, as plain data; undefined where nothing can be asked just now
 * @returns the last answer, which stays until the next one comes; `problem` where that is none; `again` asks the same anew
 */
export function useLatest<Question, Answer>(
  question: () => Question | undefined,
  ask: (question: Question, signal: AbortSignal) => Promise<Answer>,
) {
  const answer = shallowRef<Answer>();
  const problem = shallowRef('');
  const isAsking = shallowRef(false);
  let controller = new AbortController();
  onScopeDispose(() => controller.abort());

  const askLater = useDebounceFn(async (asked: Question | undefined) => {
    controller.abort();
    controller = new AbortController();
    const { signal } = controller;
    problem.value = '';
    isAsking.value = asked !== undefined;
    if (asked === undefined) return;
    try {
      const found = await ask(asked, signal);
      if (!signal.aborted) answer.value = found;
    } catch (error) {
      if (signal.aborted) return;
      answer.value = undefined;
      problem.value = reasonOf(error);
    }
    if (!signal.aborted) isAsking.value = false;
  }, AFTER_TYPING);
  watch(
    () => JSON.stringify(question()),
    () => askLater(question()),
    { immediate: true },
  );
  return { answer, problem, isAsking, again: () => askLater(question()) };
}
