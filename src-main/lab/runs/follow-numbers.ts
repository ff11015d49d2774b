/** The numbers of a run for who follows it: all after a point, then those that come. They are read from the store alone. */
import type { Followed } from '../../../src-preload/contract/endpoints/runs.ts';
import type { NumberStore } from '../../store/number-store.ts';
import type { Changes } from '../changes.ts';

export const STEPS_OF_PACKET = 10_000;

/** Until the signal. Epochs come when all steps before them are there. */
export async function* followNumbers(
  numbers: NumberStore,
  run: number,
  after: { readonly step: number; readonly epoch: number },
  changes: Changes,
  signal: AbortSignal,
): AsyncGenerator<Followed> {
  let { step, epoch } = after;
  // Whoever comes is told at once where the newest is, though it may be nothing.
  let knowsAll = false;
  for (;;) {
    const next = changes.next(signal);
    for (let isAll = false; !isAll; ) {
      const steps = numbers.steps(run, step, STEPS_OF_PACKET);
      isAll = steps.step.length < STEPS_OF_PACKET;
      const epochs = isAll ? numbers.epochs(run, epoch) : [];
      if (steps.step.length + epochs.length > 0 || !knowsAll) yield { steps, epochs, isAll };
      knowsAll = isAll;
      step = steps.step.at(-1) ?? step;
      epoch = epochs.at(-1)?.epoch ?? epoch;
    }
    await next;
    if (signal.aborted) return;
  }
}
