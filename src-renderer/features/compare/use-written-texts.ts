/** The texts of a comparison as they are written, from the beginning, also after the connection was lost. */
import { onScopeDispose, type ShallowRef, shallowRef, watch } from 'vue';
import {
  type Comparison,
  type Measures,
  putTail,
  type TokenText,
} from '../../../src-preload/contract/endpoints/comparison.ts';
import { lab } from '../../lab/lab.ts';
import { reasonOf } from '../../lab/reason-of.ts';

export function useWrittenTexts(comparison: () => Pick<Comparison, 'id' | 'request'>) {
  /** By arm, then by prompt. Each is a new value when it grows, and only then. */
  const texts = shallowRef<readonly (readonly ShallowRef<TokenText>[])[]>([]);
  const measures = shallowRef<readonly Measures[]>([]);
  const share = shallowRef(0);
  const problem = shallowRef('');

  let controller = new AbortController();
  watch(() => comparison().id, follow, { immediate: true });
  onScopeDispose(() => controller.abort());

  function follow(): void {
    controller.abort();
    controller = new AbortController();
    const { signal } = controller;
    const { id, request } = comparison();
    const cells = request.arms.map(() =>
      request.prompts.map(() => shallowRef<TokenText>({ tokens: [], pieces: [], depths: [] })),
    );
    texts.value = cells;
    measures.value = request.arms.map(() => null);
    share.value = 0;
    problem.value = '';
    lab
      .open(
        'comparisons.follow',
        { comparison: id },
        {
          signal,
          onPacket: (packet) => {
            for (const tail of packet.tails) {
              const cell = cells[tail.arm]?.[tail.prompt];
              if (cell) cell.value = putTail(cell.value, tail);
            }
            measures.value = packet.measures;
            share.value = packet.share;
            problem.value = packet.error?.message ?? '';
          },
        },
      )
      .catch((error: unknown) => {
        if (!signal.aborted) problem.value = reasonOf(error);
      });
  }
  return { texts, measures, share, problem };
}
