/**
 * Runs that an experiment trains, one after the other, each in a folder of its own, and measures with the base beside them. An
 * experiment that was stopped goes on: what is trained stays as it is, what is half trained goes on from its checkpoint.
 */
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { ModelGeometry } from '../../../engine/architectures/architecture.ts';
import { diskErrors } from '../../../engine/formats/durable-files.ts';
import { parseJson } from '../../../engine/formats/parse-json.ts';
import type { TextColumns } from '../../../engine/text/documents/columns.ts';
import { findRecipe, type Recipe } from '../../../engine/training/recipe.ts';
import { epochSchema } from '../../../engine/training/records.ts';
import { RunFolder } from '../../../engine/training/run-folder.ts';
import { openModel } from '../../models/open-model.ts';
import { checkFits, findBegun, type LabEvent, runHyperfit } from '../../runs/hyperfit-run.ts';
import { resultKind } from '../../runs/learned.ts';
import type { Context } from '../experiment.ts';
import { type Pair, readUnseen, type TrainingRequest } from '../inputs.ts';
import { OpenPair } from '../open-pair.ts';
import { beginStage } from '../progress.ts';
import { type Measured, measureModel, measureOnce, type Probe, probeOf } from './measure-model.ts';

export interface TrainingFile {
  readonly data: string;
  readonly columns?: TextColumns | undefined;
}

export interface PlannedRun {
  /** Its name in the experiment's folder. */
  readonly folder: string;
  /** In plain words, as within a sentence: "last 5 blocks". */
  readonly name: string;
  readonly text: TrainingFile;
  readonly recipe: Recipe;
}

/** A text as the request's recipe takes it. */
export interface PlannedText {
  readonly text: TrainingFile;
  /** Windows that it gives to train on. */
  readonly windows: number;
  readonly probe: Probe;
}

export interface Study {
  readonly model: string;
  readonly geometry: ModelGeometry;
  readonly texts: readonly PlannedText[];
  readonly runs: readonly PlannedRun[];
}

export const trainedSchema = z.strictObject({
  learningRate: z.number(),
  /** Windows that were trained on, how many in each update, and the updates. */
  windows: z.int(),
  batch: z.int(),
  updates: z.int(),
  trainableParameters: z.int(),
  /** Null where it was trained in several goes. */
  seconds: z.number().nullable(),
  /** Nats: before the first update, and mean over the last epoch. */
  trainLossBefore: z.number(),
  trainLoss: z.number(),
});
export type Trained = z.infer<typeof trainedSchema>;

/** The base, where `trained` is null, or a model that was trained; measured on the study's texts in turn. */
export type Arm =
  | { readonly run: null; readonly trained: null; readonly measured: readonly Measured[] }
  | { readonly run: PlannedRun; readonly trained: Trained; readonly measured: readonly Measured[] };

/** Training takes so many times as long as measuring, for telling how far the whole is. */
const TRAINING_WEIGHT = 8;

/**
 * All that can be refused is refused here, before anything is trained.
 * @throws LabError as openModel, readUnseen and probeOf do, 'bad-argument' where a run does not fit the model,
 *   'bad-checkpoint' where a run's folder holds another run
 */
export async function planStudy(
  request: TrainingRequest,
  texts: readonly TrainingFile[],
  { runtime, threads, folder }: Pick<Context<unknown>, 'runtime' | 'threads' | 'folder'>,
  runsOf: (texts: readonly PlannedText[], geometry: ModelGeometry) => readonly PlannedRun[],
): Promise<Study> {
  const model = await openModel(request.model, runtime, { threads });
  try {
    const { geometry } = model.architecture;
    const planned: PlannedText[] = [];
    for (const text of texts) {
      const { recipe, texts: count } = request;
      const { train, heldOut } = await readUnseen({ ...text, recipe, count }, model.tokenizer);
      planned.push({ text, windows: train.length, probe: probeOf(heldOut, request, geometry) });
    }
    const runs = runsOf(planned, geometry);
    for (const { recipe } of runs) checkFits(recipe, model);
    for (const run of runs)
      await findBegun({ ...run.text, recipe: run.recipe, out: path.join(folder, run.folder) }, model);
    return { model: request.model, geometry, texts: planned, runs };
  } finally {
    await model.close();
  }
}

/**
 * What a run needs of a recipe, with these changes: the same number of updates whatever is reached by then, and nothing of
 * what is measured at the end on the way there.
 */
export function runRecipe(recipe: Recipe, changes: Partial<Recipe>): Recipe {
  const spare = { heldOut: 1, stopAtLoss: null, stopAtAccuracy: null, samples: 0, keepEveryEpoch: false };
  return { ...recipe, ...spare, ...changes };
}

/** A recipe's scope and its rate: adapters learn at another rate than whole models, in the proportion of the quick recipe. */
export function forScope(recipe: Recipe, scope: string): Pick<Recipe, 'scope' | 'learningRate'> {
  const { settings, adapterLearningRate } = findRecipe('quick');
  const rates = (of: string) => (of === 'full' ? settings.learningRate : adapterLearningRate!);
  return { scope, learningRate: (recipe.learningRate * rates(scope)) / rates(recipe.scope) };
}

/** Updates that a recipe makes with so many windows. */
export function updatesOf({ batch, epochs }: Pick<Recipe, 'batch' | 'epochs'>, windows: number): number {
  return Math.floor(windows / Math.min(batch, windows)) * epochs;
}

/**
 * The base, then each run as it is trained.
 * @throws LabError as training does; the signal's reason where it was stopped
 */
export async function* trainArms(
  { model, texts, runs }: Study,
  context: Omit<Context<unknown>, 'keep' | 'previous'>,
): AsyncGenerator<Arm> {
  const probes = texts.map(({ probe }) => probe);
  const total = 1 + runs.length * (TRAINING_WEIGHT + 1);
  let done = 0;
  const stage = (words: string, weight: number) => {
    const from = done;
    done += weight;
    return beginStage(context, words, [from / total, done / total]);
  };
  const cacheFolder = path.join(context.folder, 'frozen-blocks');
  await diskErrors(cacheFolder, () => mkdir(cacheFolder, { recursive: true }));

  yield { run: null, trained: null, measured: await measure('the base', 'base', null) };
  for (const run of runs) {
    const trained = await train(run);
    const learned = path.join(context.folder, run.folder, resultKind(run.recipe));
    const isModel = resultKind(run.recipe) === 'model';
    const tuned = isModel ? { model: learned, adapter: null } : { model, adapter: learned };
    yield { run, trained, measured: await measure(run.name, run.folder, tuned) };
  }
  await rm(cacheFolder, { recursive: true, force: true });

  async function train(run: PlannedRun): Promise<Trained> {
    const tell = stage(`Training ${run.name}`, TRAINING_WEIGHT);
    const out = path.join(context.folder, run.folder);
    const begun = await RunFolder.open(out);
    const before = begun && (await readTrained(begun));
    if (before) return before;
    const { runtime, threads, signal } = context;
    const request = { model, ...run.text, recipe: run.recipe, recipeName: null, runtime, threads, out };
    const onEvent = (event: LabEvent) => {
      if (event.kind === 'prefix') tell(0, `Training ${run.name}: running the frozen blocks once`);
      if (event.kind !== 'step') return;
      const { record, totalSteps } = event;
      tell(record.step / totalSteps, `Training ${run.name}: epoch ${record.epoch} of ${run.recipe.epochs}`);
    };
    await runHyperfit({ ...request, resume: begun !== undefined }, { signal, cacheFolder, onEvent });
    return (await readTrained((await RunFolder.open(out))!))!;
  }

  /** @param tuned null: the base itself */
  async function measure(name: string, folder: string, tuned: Pair['tuned'] | null): Promise<Measured[]> {
    const tell = stage(`Measuring ${name}`, 1);
    const { signal } = context;
    const file = path.join(context.folder, folder, 'measured.json');
    const pair = new OpenPair({ base: model, tuned: tuned ?? { model, adapter: null } }, context);
    try {
      return await measureOnce(file, probes, () =>
        pair.use(tuned === null ? 'base' : 'tuned', async (subject) => {
          const measured: Measured[] = [];
          for (const [index, probe] of probes.entries()) {
            const onShare = (share: number) => tell((index + share) / probes.length);
            measured.push(await measureModel(subject, probe, { signal, onShare }));
          }
          return measured;
        }),
      );
    } finally {
      await pair.close();
    }
  }
}

const resultSchema = z.object({
  trainableParameters: z.int(),
  seconds: z.number(),
  resumed: z.boolean(),
  epochs: z.array(epochSchema).min(2),
});

/** Undefined where the run is not finished. */
async function readTrained(run: RunFolder): Promise<Trained | undefined> {
  const text = await readFile(run.file('result.json'), 'utf8').catch(() => '');
  const { data: result } = resultSchema.safeParse(parseJson(text));
  if (result === undefined) return undefined;
  const { learningRate, windows, batch } = run.configuration.recipe;
  const [before, after] = [result.epochs[0]!, result.epochs.at(-1)!];
  return {
    ...{ learningRate, windows, batch: Math.min(batch, windows), updates: after.step },
    trainableParameters: result.trainableParameters,
    seconds: result.resumed ? null : result.seconds,
    trainLossBefore: before.trainLoss,
    trainLoss: after.trainLoss,
  };
}
