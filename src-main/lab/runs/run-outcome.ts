/** How the end of an engine's work is told of a run: what it is called, how far the run came, and why it went no further. */
import { toWireError, type WireError } from '../../../src-preload/contract/errors.ts';
import { LabError } from '../../engine/errors.ts';
import type { Outcome, RunStore, StoredRun } from '../../store/run-store.ts';

/** Of a job that did not come to its end. */
export function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof LabError)) return 'failed';
  if (error.code === 'cancelled') return 'paused';
  return error.code === 'engine-lost' ? 'interrupted' : 'failed';
}

/** An engine that was lost is told as what it means for the run; that a person paused it needs no reason. */
export function explain(
  error: unknown,
  store: RunStore,
  { id, totalSteps }: StoredRun,
): WireError | undefined {
  if (!(error instanceof LabError)) return toWireError(error);
  if (error.code === 'cancelled') return undefined;
  if (error.code !== 'engine-lost') return toWireError(error);
  const { steps } = store.numbers.progress(id);
  return toWireError(interrupted(String(error.data.reason), steps, totalSteps, error.data));
}

/** What an interrupted run says: how far it came, and why. */
export function interrupted(
  reason: string,
  step: number,
  totalSteps: number | null,
  data: Readonly<Record<string, unknown>> = {},
): LabError {
  const place = totalSteps === null ? 'before its first step' : `at step ${step} of ${totalSteps}`;
  const whatNext = totalSteps === null ? 'can be begun again' : 'can be resumed';
  return new LabError('interrupted', `Interrupted ${place}, ${whatNext}: ${reason}.`, {
    ...data,
    step,
    totalSteps,
  });
}
