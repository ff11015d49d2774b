/** What a run has learned, found on the disk: at its end, or at a step where that was kept. */
import path from 'node:path';
import { z } from 'zod';
import { runRequestSchema } from '../../../src-preload/contract/endpoints/runs.ts';
import { LabError } from '../../engine/errors.ts';
import {
  type CheckpointFiles,
  checkpointFilesSchema,
  isAsWritten,
} from '../../engine/training/checkpoints.ts';
import type { Recipe } from '../../engine/training/recipe.ts';
import type { StoredRun } from '../../store/run-store.ts';

/** What a run makes, and the name of the folder that it makes. */
export function resultKind({ scope }: Recipe): 'adapter' | 'model' {
  return scope === 'full' ? 'model' : 'adapter';
}

/** What an engine tells that has made something of a run which nobody computes: see trained-files.ts. */
export const publishedSchema = z.object({
  /** Why the run is over, if this made its result. */
  stopped: z.string(),
  kept: checkpointFilesSchema.nullable(),
});
export type Published = z.infer<typeof publishedSchema>;

/** Folder of an adapter over the model that the run began with, or of a model. */
export interface Learned {
  readonly adapter?: string;
  readonly model?: string;
}

/** @throws LabError 'bad-argument' where the run is not finished */
export function learnedAtEnd(run: StoredRun, isFinished: boolean): Learned {
  if (!isFinished)
    throw new LabError('bad-argument', `The run "${run.name}" is not finished: it has no result yet.`, {
      run: run.id,
    });
  const kind = kindOf(run);
  return { [kind]: path.join(run.folder, kind) };
}

/**
 * @param checkpoints of the run, with the hashes that their files must have
 * @throws LabError 'bad-argument' where nothing was kept at this step; 'bad-checkpoint' where it is not as it was written
 */
export async function learnedAtStep(
  run: StoredRun,
  checkpoints: readonly CheckpointFiles[],
  step: number,
): Promise<Learned> {
  const data = { run: run.id, step };
  const kept = checkpoints.find((one) => one.kept && one.step === step);
  if (kept === undefined)
    throw new LabError('bad-argument', `The run "${run.name}" has kept nothing at step ${step}.`, data);
  const folder = path.join(run.folder, kept.folder);
  if (!(await isAsWritten(folder, kept.sha256))) {
    throw new LabError(
      'bad-checkpoint',
      `What the run "${run.name}" had kept at step ${step} is damaged or gone: ${folder} is not as it was written. Choose another state of this run, or put the folder back from a copy.`,
      { ...data, folder },
    );
  }
  return { [kindOf(run)]: folder };
}

function kindOf({ request }: StoredRun): 'adapter' | 'model' {
  return resultKind(runRequestSchema.parse(request).recipe);
}
