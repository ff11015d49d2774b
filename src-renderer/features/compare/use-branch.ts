/** How a text would go on with another token at a place, as it is written. Kept nowhere. */
import { onScopeDispose, shallowRef } from 'vue';
import { putTail, type TokenText } from '../../../src-preload/contract/endpoints/comparison.ts';
import { lab } from '../../lab/lab.ts';
import { reasonOf } from '../../lab/reason-of.ts';
import type { Place } from './comparison-view.ts';

/** A few sentences. */
const NEW_TOKENS = 64;

export function useBranch(comparison: () => number) {
  /** The token that it begins with, and where; undefined where there is none. */
  const from = shallowRef<{ readonly place: Place; readonly piece: string }>();
  const text = shallowRef<TokenText>();
  const isWriting = shallowRef(false);
  const problem = shallowRef('');
  let controller = new AbortController();
  onScopeDispose(() => controller.abort());

  async function write(place: Place, { token, piece }: { token: number; piece: string }): Promise<void> {
    stop();
    controller = new AbortController();
    const { signal } = controller;
    from.value = { place, piece };
    text.value = { tokens: [], pieces: [], depths: [] };
    problem.value = '';
    isWriting.value = true;
    const { arm, prompt, token: tokens } = place;
    try {
      await lab.open(
        'comparisons.branch',
        { comparison: comparison(), arm, prompt, tokens, token, maxNewTokens: NEW_TOKENS },
        {
          signal,
          onPacket: (tail) => {
            if (!signal.aborted && text.value) text.value = putTail(text.value, tail);
          },
        },
      );
    } catch (error) {
      if (!signal.aborted) problem.value = reasonOf(error);
    }
    if (!signal.aborted) isWriting.value = false;
  }

  /** What is written stays. */
  function stop(): void {
    controller.abort(new Error('It was stopped.'));
    isWriting.value = false;
  }

  function clear(): void {
    stop();
    from.value = undefined;
    text.value = undefined;
    problem.value = '';
  }

  return { from, text, isWriting, problem, write, stop, clear };
}
