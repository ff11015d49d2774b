/** The texts of a comparison as they are written, from the beginning, also after the connection was lost or writing went on. */
import { onScopeDispose, type ShallowRef, shallowRef, watch } from 'vue';
import {
  type Comparison,
  type Measures,
  type Overlap,
  putTail,
  type TokenText,
} from '../../../src-preload/contract/endpoints/comparison.ts';
import { lab } from '../../lab/lab.ts';
import { reasonOf } from '../../lab/reason-of.ts';
import { isOver } from './words.ts';

/** Each is a new value when it grows, and only then. */
export type WrittenCell = Readonly<ShallowRef<TokenText>>;

export function useWrittenTexts(comparison: () => Pick<Comparison, 'id' | 'request' | 'state'>) {
  /** By arm, then by prompt. */
  const cells = shallowRef<readonly (readonly ShallowRef<TokenText>[])[]>([]);
  const measures = shallowRef<readonly Measures[]>([]);
  const overlaps = shallowRef<readonly (readonly Overlap[] | null)[]>([]);
  const notes = shallowRef<readonly string[]>([]);
  const share = shallowRef(0);
  const problem = shallowRef('');

  let controller = new AbortController();
  let isFollowing = false;
  // Where it goes on, or has one more arm, there is more to come than what was followed to its end.
  watch(
    [() => comparison().id, () => comparison().request.arms.length, () => isOver(comparison().state)],
    ([id, arms, over], [oldId, oldArms]) => {
      if (id !== oldId || arms !== oldArms || (!over && !isFollowing)) follow(id === oldId);
    },
    { immediate: true },
  );
  onScopeDispose(() => controller.abort());

  /** @param keeps what is on the screen, until the same or more comes in its place */
  function follow(keeps: boolean): void {
    controller.abort();
    controller = new AbortController();
    const { signal } = controller;
    const { id, request } = comparison();
    const before = keeps ? cells.value : [];
    const now = request.arms.map((_, arm) =>
      request.prompts.map(
        (_, prompt) => before[arm]?.[prompt] ?? shallowRef<TokenText>({ tokens: [], pieces: [], depths: [] }),
      ),
    );
    cells.value = now;
    if (!keeps) {
      measures.value = request.arms.map(() => null);
      overlaps.value = request.arms.map(() => null);
      notes.value = [];
      share.value = 0;
    }
    problem.value = '';
    isFollowing = true;
    lab
      .open(
        'comparisons.follow',
        { comparison: id },
        {
          signal,
          onPacket: (packet) => {
            for (const tail of packet.tails) {
              const cell = now[tail.arm]?.[tail.prompt];
              if (cell) cell.value = putTail(cell.value, tail);
            }
            measures.value = packet.measures;
            overlaps.value = packet.overlaps;
            notes.value = packet.notes;
            share.value = packet.share;
            problem.value = packet.error?.message ?? '';
          },
        },
      )
      .catch((error: unknown) => {
        if (!signal.aborted) problem.value = reasonOf(error);
      })
      .finally(() => {
        if (!signal.aborted) isFollowing = false;
      });
  }
  return { cells, measures, overlaps, notes, share, problem };
}
