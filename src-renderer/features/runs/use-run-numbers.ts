/** The numbers of a run, from its beginning and as they come, for as long as a screen shows them. */
import { onScopeDispose, type ShallowRef, shallowRef } from 'vue';
import type { Epoch, Step } from '../../../src-preload/contract/shapes.ts';
import { lab } from '../../lab/lab.ts';

export interface RunNumbers {
  readonly steps: readonly Step[];
  readonly epochs: readonly Epoch[];
}

export function useRunNumbers(run: number): Readonly<ShallowRef<RunNumbers>> {
  // The arrays grow in place, as a run may have a hundred thousand steps; what is new is the object around them.
  const steps: Step[] = [];
  const epochs: Epoch[] = [];
  const numbers = shallowRef<RunNumbers>({ steps, epochs });
  const controller = new AbortController();
  onScopeDispose(() => controller.abort());
  void follow();
  return numbers;

  async function follow(): Promise<void> {
    const input = { run, afterStep: 0, afterEpoch: -1 };
    const onPacket = (packet: RunNumbers) => {
      for (const step of packet.steps) steps.push(step);
      for (const epoch of packet.epochs) epochs.push(epoch);
      numbers.value = { steps, epochs };
    };
    await lab.open('runs.follow', input, { onPacket, signal: controller.signal }).catch((error) => {
      if (!controller.signal.aborted) throw error;
    });
  }
}
