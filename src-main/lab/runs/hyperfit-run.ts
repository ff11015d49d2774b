/**
 * Hyperfitting from files to files: a model folder and a text become a run folder with an adapter or a model in it. All
 * that can be refused is refused before the run folder is made.
 */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { LabError } from '../../engine/errors.ts';
import { writeFileDurably } from '../../engine/formats/durable-files.ts';
import type { Products } from '../../engine/runtimes/runtime.ts';
import type { TextColumns } from '../../engine/text/documents/columns.ts';
import { readDocuments } from '../../engine/text/documents/documents.ts';
import { cutWindows, type WindowReport, type WindowSet } from '../../engine/text/windows.ts';
import { deleteCaches } from '../../engine/training/feeds.ts';
import { hyperfit } from '../../engine/training/hyperfit.ts';
import type { HyperfitEvent, Wishes } from '../../engine/training/hyperfit-job.ts';
import type { Recipe } from '../../engine/training/recipe.ts';
import type { EpochRecord, Predicted } from '../../engine/training/records.ts';
import { type RunConfiguration, RunFolder } from '../../engine/training/run-folder.ts';
import { parseScope } from '../../engine/training/scope.ts';
import { planTraining } from '../../engine/training/training-graph.ts';
import { type OpenModel, openModel } from '../models/open-model.ts';
import { resultKind } from './learned.ts';
import { writeTrained } from './trained-files.ts';

export interface HyperfitRequest {
  /** Model folder. */
  readonly model: string;
  /** Text file. */
  readonly data: string;
  /** Of the text; recognised by their names where they are not given. */
  readonly columns?: TextColumns | undefined;
  readonly recipe: Recipe;
  readonly recipeName: string | null;
  readonly runtime: string;
  /** Of the processor; all its cores if not said. */
  readonly threads?: number | undefined;
  /** What large products are computed in; float32 if not said. */
  readonly products?: Products | undefined;
  /** Run folder. */
  readonly out: string;
  readonly resume: boolean;
  /** What it was thought to need, to be kept with it. */
  readonly predicted?: Predicted | undefined;
}

export interface HyperfitSummary {
  readonly out: string;
  /** One of the two, as the scope was. */
  readonly adapter?: string;
  readonly model?: string;
  readonly trainableParameters: number;
  /** Of this process, from start to end: only the rest of it where the run was resumed. */
  readonly seconds: number;
  readonly resumed: boolean;
  readonly peakMemoryBytes: number;
  /** Of the run's folder at its largest, since this process began. */
  readonly diskBytes: number;
  /** What the run was thought to need before it began. */
  readonly predicted?: Predicted | undefined;
  readonly tokensPerSecond: number;
  /** Of `seconds`, those that measuring and sample texts took. */
  readonly measuringSeconds: number;
  readonly epochs: readonly EpochRecord[];
  /** Why it ended before its last epoch, if it did. */
  readonly stopped: string | null;
}

export type LabEvent =
  | HyperfitEvent
  | { readonly kind: 'windows'; readonly report: WindowReport }
  /** Room that the run's folder has taken at its largest so far. */
  | { readonly kind: 'disk'; readonly largestBytes: number };

export interface JobOptions {
  readonly signal?: AbortSignal | undefined;
  readonly wishes?: Wishes | undefined;
  /** See HyperfitJob. */
  readonly cacheFolder?: string | undefined;
  readonly onEvent?: (event: LabEvent) => void;
  /** Asked of a new run when model and text are known and nothing is made yet: it may refuse, or change what is asked. */
  readonly prepare?: (
    model: OpenModel,
    windows: WindowReport,
  ) => Promise<Pick<HyperfitRequest, 'recipe' | 'predicted'>>;
}

export async function runHyperfit(
  request: HyperfitRequest,
  { signal, onEvent, wishes, cacheFolder, prepare }: JobOptions = {},
): Promise<HyperfitSummary> {
  const started = performance.now();
  if (!request.resume) await RunFolder.checkFree(request.out);
  const begun = request.resume ? await RunFolder.open(request.out) : undefined;
  // What has begun goes on as it began: other columns are another text; another way to compute rounds differently.
  const { runtime, threads, products, columns } = begun?.configuration ?? request;
  const model = await openModel(request.model, runtime, { threads, products }).catch((error: unknown) => {
    throw begun === undefined ? error : cannotGoOn(runtime, error);
  });
  try {
    const { architecture, tokenizer } = model;
    checkFits(request.recipe, model);
    const windows = await readWindows({ ...request, columns }, model);
    onEvent?.({ kind: 'windows', report: windows.report });
    const asked = begun ? request : { ...request, ...(await prepare?.(model, windows.report)) };
    const { recipe } = asked;
    const folder = await openRun({ ...asked, columns, runtime, threads, products }, begun, model, windows);
    const tellDisk = () => onEvent?.({ kind: 'disk', largestBytes: folder.largestBytes });
    const result = await hyperfit({
      architecture,
      weights: model.weights,
      decoder: model.decoder,
      train: windows.train.map(({ tokens }) => tokens),
      heldOut: windows.heldOut.map(({ tokens }) => tokens),
      decode: tokenizer.decode,
      endOfText: model.folder.endOfText,
      folder,
      resume: request.resume,
      cacheFolder,
      writeTrained: (place, trainables) => writeTrained(place, model, recipe, trainables),
      wishes,
      signal,
      onEvent: (event) => {
        onEvent?.(event);
        if (event.kind === 'checkpoint') tellDisk();
      },
    });
    const kind = resultKind(recipe);
    await writeTrained(folder.file(kind), model, recipe, result.trainables);
    await folder.measure();
    tellDisk();
    const summary: HyperfitSummary = {
      out: request.out,
      [kind]: folder.file(kind),
      trainableParameters: result.trainableParameters,
      seconds: (performance.now() - started) / 1000,
      resumed: request.resume,
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
      diskBytes: folder.largestBytes,
      predicted: folder.configuration.predicted,
      tokensPerSecond: result.trainingSeconds === 0 ? 0 : result.trainedTokens / result.trainingSeconds,
      measuringSeconds: result.measuringSeconds,
      epochs: result.epochs,
      stopped: result.stopped,
    };
    await writeFileDurably(folder.file('result.json'), `${JSON.stringify(summary, null, 2)}\n`);
    if (cacheFolder === undefined) await deleteCaches(folder.path);
    return summary;
  } finally {
    await model.close();
  }
}

/** A run keeps its runtime: on another its numbers would not be the same. */
function cannotGoOn(runtime: string, error: unknown): unknown {
  if (!(error instanceof LabError) || error.code !== 'runtime-unavailable') return error;
  return new LabError(
    error.code,
    `This run began on the runtime ${runtime} and can go on only there. ${error.message} The run stays as it is until then.`,
    error.data,
    { cause: error },
  );
}

/** What was asked for in a run folder, to go on with it. */
export async function readRequest(out: string): Promise<HyperfitRequest> {
  const folder = await RunFolder.open(out);
  if (folder === undefined)
    throw new LabError('file-not-found', `There is no run in ${out} to resume.`, { out });
  const { model, data, columns, recipe, recipeName, runtime, threads, products } = folder.configuration;
  return { model, data, columns, recipe, recipeName, runtime, threads, products, out, resume: true };
}

/**
 * The run in a folder that was begun with this model, text and settings; undefined where none was begun.
 * @throws LabError 'bad-checkpoint' where it was begun with others
 */
export async function findBegun(
  request: Pick<HyperfitRequest, 'data' | 'columns' | 'recipe' | 'out'>,
  model: OpenModel,
): Promise<RunFolder | undefined> {
  const begun = await RunFolder.open(request.out);
  if (begun === undefined) return undefined;
  const windowsHash = hashWindows(await readWindows(request, model));
  refuseChanged(begun, { fingerprint: model.folder.fingerprint, windowsHash, recipe: request.recipe });
  return begun;
}

/** The windows that a recipe takes from a file, as training will see them. */
export async function readWindows(
  { data, columns, recipe }: Pick<HyperfitRequest, 'data' | 'columns' | 'recipe'>,
  { tokenizer }: Pick<OpenModel, 'tokenizer'>,
): Promise<WindowSet> {
  const { documents, notes } = await readDocuments(data, columns);
  const windows = cutWindows(documents, tokenizer, {
    length: recipe.windowLength,
    count: recipe.windows,
    order: recipe.windowOrder,
    seed: recipe.seed,
    heldOut: recipe.heldOut,
    perDocument: recipe.windowsPerDocument,
  });
  return { ...windows, report: { ...windows.report, notes: [...notes, ...windows.report.notes] } };
}

/** @throws LabError 'bad-argument' where model and recipe do not go together */
export function checkFits(recipe: Recipe, { architecture }: Pick<OpenModel, 'architecture'>): void {
  const { contextLength } = architecture.geometry;
  planTraining(architecture, parseScope(recipe.scope, architecture.geometry), recipe);
  if (recipe.windowLength > contextLength) {
    throw new LabError(
      'bad-argument',
      `Windows of ${recipe.windowLength} tokens are longer than this model's context of ${contextLength}. Choose ${contextLength} or fewer.`,
      { windowLength: recipe.windowLength, contextLength },
    );
  }
}

async function openRun(
  request: HyperfitRequest,
  begun: RunFolder | undefined,
  model: OpenModel,
  windows: WindowSet,
): Promise<RunFolder> {
  const { columns, recipe, recipeName, runtime, threads, products, out, predicted } = request;
  const configuration = {
    version: 1 as const,
    created: new Date().toISOString(),
    model: path.resolve(request.model),
    fingerprint: model.folder.fingerprint,
    data: path.resolve(request.data),
    columns,
    windowsHash: hashWindows(windows),
    runtime,
    threads,
    products,
    recipeName,
    recipe,
    predicted,
  };
  if (begun === undefined) return RunFolder.create(out, configuration);
  refuseChanged(begun, configuration);
  return begun;
}

const UNCHANGING = {
  fingerprint: "the model's files",
  windowsHash: 'the text',
  recipe: 'the settings',
} as const;

function refuseChanged(
  { configuration, path: out }: RunFolder,
  wanted: Pick<RunConfiguration, keyof typeof UNCHANGING>,
): void {
  for (const field of ['fingerprint', 'windowsHash', 'recipe'] as const) {
    if (isDeepStrictEqual(configuration[field], wanted[field])) continue;
    throw new LabError(
      'bad-checkpoint',
      `The run in ${out} cannot go on: ${UNCHANGING[field]} changed since it began. Begin a new one in another folder.`,
      { out, changed: field },
    );
  }
}

function hashWindows({ train, heldOut }: WindowSet): string {
  const hash = createHash('sha256');
  for (const { tokens } of train) hash.update(tokens);
  hash.update('held out');
  for (const { tokens } of heldOut) hash.update(tokens);
  return hash.digest('hex');
}
