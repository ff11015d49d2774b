/** The numbers of a run, from its beginning and as they come, for as long as a screen shows them. */
import { onScopeDispose, type ShallowRef, shallowRef } from 'vue';
import type { Epoch, Followed } from '../../../src-preload/contract/endpoints/runs.ts';
import { lab } from '../../lab/lab.ts';
import { GrowingPoints, type Points } from './charts/points.ts';

export interface RunNumbers {
  /** By step. */
  readonly loss: Points;
  readonly tokenAccuracy: Points;
  readonly epochs: readonly Epoch[];
  /** Why no more will come; empty while they do. */
  readonly problem: string;
}

/** @param what "epochs" where the numbers of single steps are not needed */
export function useRunNumbers(
  run: number,
  what: 'steps and epochs' | 'epochs' = 'steps and epochs',
): Readonly<ShallowRef<RunNumbers>> {
  // Steps grow in place, as there may be a hundred thousand; what is new is the object around them. Epochs are few.
  const loss = new GrowingPoints();
  const tokenAccuracy = new GrowingPoints();
  let epochs: readonly Epoch[] = [];
  const numbers = shallowRef<RunNumbers>({ loss, tokenAccuracy, epochs, problem: '' });
  const controller = new AbortController();
  onScopeDispose(() => controller.abort());
  void follow();
  return numbers;

  async function follow(): Promise<void> {
    const afterStep = what === 'epochs' ? Number.MAX_SAFE_INTEGER : 0;
    const options = {
      signal: controller.signal,
      onPacket: ({ steps, epochs: added, isAll }: Followed) => {
        for (const [place, step] of steps.step.entries()) {
          loss.push(step, steps.loss[place] ?? null);
          tokenAccuracy.push(step, steps.tokenAccuracy[place] ?? null);
        }
        if (added.length > 0) epochs = [...epochs, ...added];
        // Charts drawn over and over on the way to the newest would be most of the way.
        if (isAll) numbers.value = { loss, tokenAccuracy, epochs, problem: '' };
      },
    };
    await lab.open('runs.follow', { run, afterStep, afterEpoch: -1 }, options).catch((error: Error) => {
      if (!controller.signal.aborted) numbers.value = { ...numbers.value, problem: error.message };
    });
  }
}
