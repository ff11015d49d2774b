/**
 * What a run has learned, as files that other programs load too: an adapter in PEFT's format, or where the whole model
 * learned, a model folder. The result of a run is one, and so is every state that was kept on the way.
 */
import path from 'node:path';
import { LabError } from '../../engine/errors.ts';
import { type Adapter, type AdapterMatrix, writeAdapter } from '../../engine/formats/adapter.ts';
import { writeFileDurably } from '../../engine/formats/durable-files.ts';
import { saveModel } from '../../engine/model/save-model.ts';
import { deleteCaches } from '../../engine/training/feeds.ts';
import type { Trainables } from '../../engine/training/hyperfit-job.ts';
import type { Recipe } from '../../engine/training/recipe.ts';
import { RunFolder } from '../../engine/training/run-folder.ts';
import { parseScope } from '../../engine/training/scope.ts';
import { stoppedByHand } from '../../engine/training/stop-rules.ts';
import { type OpenModel, openModel } from '../models/open-model.ts';
import { type Published, resultKind } from './learned.ts';

export async function writeTrained(
  target: string,
  { architecture, folder, weights }: OpenModel,
  recipe: Recipe,
  trainables: Trainables,
): Promise<void> {
  const scope = parseScope(recipe.scope, architecture.geometry);
  if (scope.kind === 'full') return saveModel(target, folder, trainables, weights.shapes);
  const adapter = {
    rank: recipe.rank,
    alpha: recipe.alpha,
    blocks: scope.blocks,
    baseModel: path.resolve(folder.path),
    modules: adapterModules(trainables, recipe.rank),
  };
  await writeAdapter(target, adapter, architecture.fanInFanOut);
}

/**
 * Makes something of a run that nobody computes: from its last checkpoint, its result, or a state that is kept.
 * @throws LabError 'bad-checkpoint' where there is none, or it is damaged
 */
export async function publishRun(out: string, as: 'result' | 'kept'): Promise<Published> {
  const folder = await RunFolder.open(out);
  const checkpoint = await folder?.checkpoints.load();
  if (folder === undefined || checkpoint === undefined) {
    throw new LabError(
      'bad-checkpoint',
      'This run has not learned anything yet that was kept. Let it go on for an epoch first.',
      { out },
    );
  }
  const { model: modelFolder, runtime, recipe } = folder.configuration;
  const model = await openModel(modelFolder, runtime);
  try {
    const write = (target: string) => writeTrained(target, model, recipe, checkpoint.trainables);
    const stopped = stoppedByHand(checkpoint.step);
    if (as === 'kept') return { stopped, kept: await folder.checkpoints.keep(checkpoint, write) };
    const kind = resultKind(recipe);
    await write(folder.file(kind));
    const summary = { out, [kind]: folder.file(kind), epochs: await folder.readEpochs(), stopped };
    await writeFileDurably(folder.file('result.json'), `${JSON.stringify(summary, null, 2)}\n`);
    await deleteCaches(out);
    return { stopped, kept: null };
  } finally {
    await model.close();
  }
}

function adapterModules(trainables: Trainables, rank: number): Adapter['modules'] {
  const suffix = '.lora_A.weight';
  const matrix = (data: Float32Array, first: boolean): AdapterMatrix => ({
    data,
    shape: first ? [rank, data.length / rank] : [data.length / rank, rank],
  });
  return new Map(
    [...trainables.keys()]
      .filter((name) => name.endsWith(suffix))
      .map((name) => {
        const module = name.slice(0, -suffix.length);
        return [
          module,
          {
            a: matrix(trainables.get(name)!, true),
            b: matrix(trainables.get(`${module}.lora_B.weight`)!, false),
          },
        ];
      }),
  );
}
