/**
 * Hyperfitting from files to files: a model folder and a text become a run folder with an adapter or a model in it. All
 * that can be refused is refused before the run folder is made.
 */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { LabError } from '../engine/errors.ts';
import { type Adapter, type AdapterMatrix, writeAdapter } from '../engine/formats/adapter.ts';
import { writeFileDurably } from '../engine/formats/durable-files.ts';
import { saveModel } from '../engine/model/save-model.ts';
import { readDocuments } from '../engine/text/documents.ts';
import { cutWindows, type WindowReport, type WindowSet } from '../engine/text/windows.ts';
import { type HyperfitEvent, hyperfit } from '../engine/training/hyperfit.ts';
import type { Recipe } from '../engine/training/recipe.ts';
import type { EpochRecord } from '../engine/training/records.ts';
import { RunFolder } from '../engine/training/run-folder.ts';
import { parseScope } from '../engine/training/scope.ts';
import { planTraining } from '../engine/training/training-graph.ts';
import { type OpenModel, openModel } from './open-model.ts';

export interface HyperfitRequest {
  /** Model folder. */
  readonly model: string;
  /** Text file. */
  readonly data: string;
  readonly recipe: Recipe;
  readonly recipeName: string | null;
  readonly runtime: string;
  /** Run folder. */
  readonly out: string;
  readonly resume: boolean;
}

export interface HyperfitSummary {
  readonly out: string;
  /** One of the two, as the scope was. */
  readonly adapter?: string;
  readonly model?: string;
  readonly trainableParameters: number;
  /** Of this process, from start to end. */
  readonly seconds: number;
  readonly peakMemoryBytes: number;
  readonly tokensPerSecond: number;
  readonly epochs: readonly EpochRecord[];
}

export type LabEvent = HyperfitEvent | { readonly kind: 'windows'; readonly report: WindowReport };

export interface JobOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: (event: LabEvent) => void;
}

export async function runHyperfit(
  request: HyperfitRequest,
  { signal, onEvent }: JobOptions = {},
): Promise<HyperfitSummary> {
  const started = performance.now();
  if (!request.resume) await RunFolder.checkFree(request.out);
  const model = await openModel(request.model, request.runtime);
  try {
    const { architecture, tokenizer } = model;
    checkFits(request.recipe, model);
    const windows = await readWindows(request.data, request.recipe, model);
    onEvent?.({ kind: 'windows', report: windows.report });
    const folder = await openRun(request, model, windows);
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
      signal,
      ...(onEvent && { onEvent }),
    });
    const saved = await saveResult(folder, model, request, result.trainables);
    const summary: HyperfitSummary = {
      out: request.out,
      ...saved,
      trainableParameters: result.trainableParameters,
      seconds: (performance.now() - started) / 1000,
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
      tokensPerSecond: result.trainingSeconds === 0 ? 0 : result.trainedTokens / result.trainingSeconds,
      epochs: result.epochs,
    };
    await writeFileDurably(folder.file('result.json'), `${JSON.stringify(summary, null, 2)}\n`);
    return summary;
  } finally {
    await model.close();
  }
}

/** What was asked for in a run folder, to go on with it. */
export async function readRequest(out: string): Promise<HyperfitRequest> {
  const folder = await RunFolder.open(out);
  if (folder === undefined)
    throw new LabError('file-not-found', `There is no run in ${out} to resume.`, { out });
  const { model, data, recipe, recipeName, runtime } = folder.configuration;
  return { model, data, recipe, recipeName, runtime, out, resume: true };
}

/** The windows that a recipe takes from a file, as training will see them. */
export async function readWindows(
  data: string,
  recipe: Recipe,
  { tokenizer }: Pick<OpenModel, 'tokenizer'>,
): Promise<WindowSet> {
  const { documents, notes } = await readDocuments(data);
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

function checkFits(recipe: Recipe, { architecture }: OpenModel): void {
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

async function openRun(request: HyperfitRequest, model: OpenModel, windows: WindowSet): Promise<RunFolder> {
  const { recipe, recipeName, runtime, out } = request;
  const configuration = {
    version: 1 as const,
    created: new Date().toISOString(),
    model: path.resolve(request.model),
    fingerprint: model.folder.fingerprint,
    data: path.resolve(request.data),
    windowsHash: hashWindows(windows),
    runtime,
    recipeName,
    recipe,
  };
  const existing = request.resume ? await RunFolder.open(out) : undefined;
  if (existing === undefined) return RunFolder.create(out, configuration);
  const changed = (['fingerprint', 'windowsHash', 'runtime', 'recipe'] as const).find(
    (field) => JSON.stringify(existing.configuration[field]) !== JSON.stringify(configuration[field]),
  );
  if (changed !== undefined) {
    const what = {
      fingerprint: "the model's files",
      windowsHash: 'the text',
      runtime: 'the runtime',
      recipe: 'the settings',
    }[changed];
    throw new LabError(
      'bad-checkpoint',
      `The run in ${out} cannot go on: ${what} changed since it began. Begin a new one in another folder.`,
      { out, changed },
    );
  }
  return existing;
}

function hashWindows({ train, heldOut }: WindowSet): string {
  const hash = createHash('sha256');
  for (const { tokens } of train) hash.update(tokens);
  hash.update('held out');
  for (const { tokens } of heldOut) hash.update(tokens);
  return hash.digest('hex');
}

async function saveResult(
  folder: RunFolder,
  model: OpenModel,
  { recipe }: HyperfitRequest,
  trainables: ReadonlyMap<string, Float32Array>,
): Promise<{ adapter: string } | { model: string }> {
  const { architecture } = model;
  const scope = parseScope(recipe.scope, architecture.geometry);
  if (scope.kind === 'full') {
    const target = folder.file('model');
    await saveModel(target, model.folder, trainables, model.weights.shapes);
    return { model: target };
  }
  const target = folder.file('adapter');
  const adapter = {
    rank: recipe.rank,
    alpha: recipe.alpha,
    blocks: scope.blocks,
    baseModel: path.resolve(model.folder.path),
    modules: adapterModules(trainables, recipe.rank),
  };
  await writeAdapter(target, adapter, architecture.fanInFanOut);
  return { adapter: target };
}

function adapterModules(trainables: ReadonlyMap<string, Float32Array>, rank: number): Adapter['modules'] {
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
