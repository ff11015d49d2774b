/**
 * Whether a run will work, found out in an engine process before it begins: every number of the model's files is looked
 * at, every row is tokenized, and a run of the same sizes, as short as can be, is done in a folder that is thrown away. So
 * what fails after an hour fails now, and memory and time are measured where they will be needed.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { CheckStage } from '../../../src-preload/contract/endpoints/plans.ts';
import { LabError } from '../../engine/errors.ts';
import type { ModelFolder } from '../../engine/formats/model-folder.ts';
import { GREEDY } from '../../engine/generation/decoding.ts';
import { elementCount } from '../../engine/graph/value.ts';
import type { Products } from '../../engine/runtimes/runtime.ts';
import type { TextColumns } from '../../engine/text/documents/columns.ts';
import { hyperfit } from '../../engine/training/hyperfit.ts';
import type { HyperfitEvent } from '../../engine/training/hyperfit-job.ts';
import type { Recipe } from '../../engine/training/recipe.ts';
import { RunFolder } from '../../engine/training/run-folder.ts';
import { type OpenModel, openModel } from '../models/open-model.ts';
import { checkFits, readWindows } from '../runs/hyperfit-run.ts';
import { writeTrained } from '../runs/trained-files.ts';
import { type CheckResult, EPOCHS_TRIED, type Times } from './check-result.ts';
import { findRowProblems } from './rows.ts';

export interface CheckRequest {
  /** Model folder. */
  readonly model: string;
  /** Text file. */
  readonly data: string;
  /** Of the text; recognised by their names where they are not given. */
  readonly columns?: TextColumns | undefined;
  readonly recipe: Recipe;
  readonly runtime: string;
  readonly threads?: number | undefined;
  readonly products?: Products | undefined;
}

export interface CheckOptions {
  readonly signal: AbortSignal;
  /** @param share of the stage, 0 to 1 */
  readonly onProgress: (stage: CheckStage, share: number) => void;
}

const TOKENS_WRITTEN = 8;

export async function checkPlan(
  request: CheckRequest,
  { signal, onProgress }: CheckOptions,
): Promise<CheckResult> {
  const { recipe } = request;
  const started = performance.now();
  const model = await openModel(request.model, request.runtime, request);
  const opened = performance.now();
  try {
    checkFits(recipe, model);
    const tensors = await checkTensors(model.folder, signal, (share) => onProgress('weights', share));
    onProgress('text', 0);
    const { train, heldOut } = await readWindows(request, model);
    const rows = await findRowProblems(request, model.tokenizer, signal);
    onProgress('step', 0);
    const batch = Math.min(recipe.batch, train.length);
    const few = {
      train: train.slice(0, batch).map(({ tokens }) => tokens),
      heldOut: heldOut.slice(0, batch).map(({ tokens }) => tokens),
    };
    const begun = performance.now();
    const times = await shortRun(request, model, few, { signal, onProgress });
    const seconds = (opened - started + performance.now() - begun) / 1000;
    return {
      tensors,
      windows: { train: train.length, heldOut: heldOut.length },
      rows,
      ...times,
      seconds,
      writtenToken: await timeWriting(model, recipe, few.heldOut, signal),
      measuredWindows: few.heldOut.length,
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    };
  } finally {
    await model.close();
  }
}

/**
 * Reads all weights, and returns how many tensors there are.
 * @throws LabError 'bad-safetensors' where a file ends early or holds what is no number
 */
export async function checkTensors(
  folder: ModelFolder,
  signal: AbortSignal,
  onProgress: (share: number) => void,
): Promise<number> {
  // Of other types are masks and counters, which no weight is read from.
  const entries = [...folder.tensors].filter(([, { type }]) => ['F32', 'F16', 'BF16'].includes(type));
  const sizes = entries.map(([, { shape }]) => elementCount(shape));
  const all = sizes.reduce((sum, size) => sum + size, 0);
  const buffer = new Float32Array(Math.max(...sizes));
  let done = 0;
  for (const [index, [name, { path: file }]] of entries.entries()) {
    signal.throwIfAborted();
    const numbers = await folder.readFloat32(name, buffer.subarray(0, sizes[index]));
    if (!numbers.every(Number.isFinite)) {
      throw new LabError(
        'bad-safetensors',
        `The tensor "${name}" in ${file} holds something that is no number. The file is damaged: download it again.`,
        { file, tensor: name },
      );
    }
    done += numbers.length;
    onProgress(done / all);
  }
  return entries.length;
}

/** Epochs of one full step each, as a real run does them: cache, measuring, samples and checkpoint included. */
async function shortRun(
  request: CheckRequest,
  model: OpenModel,
  windows: { readonly train: readonly Int32Array[]; readonly heldOut: readonly Int32Array[] },
  { signal, onProgress }: CheckOptions,
): Promise<Pick<CheckResult, 'step' | 'epochEnd'>> {
  const recipe: Recipe = {
    ...request.recipe,
    ...{ epochs: EPOCHS_TRIED, windows: windows.train.length, samplesEvery: 1, sampleTokens: 1 },
    ...{ stopAtLoss: null, stopAtAccuracy: null },
  };
  const temporary = await mkdtemp(path.join(os.tmpdir(), 'hyperfit-check-'));
  const steps: number[] = [];
  const epochEnds: number[] = [];
  const onEvent = (event: HyperfitEvent) => {
    if (event.kind === 'step') steps.push(event.seconds);
    if (event.kind === 'epoch') epochEnds.push(event.seconds);
    onProgress('step', epochEnds.length / (EPOCHS_TRIED + 1));
  };
  try {
    const folder = await RunFolder.create(path.join(temporary, 'run'), {
      version: 1,
      created: new Date().toISOString(),
      model: request.model,
      fingerprint: model.folder.fingerprint,
      data: request.data,
      windowsHash: '',
      runtime: request.runtime,
      recipeName: null,
      recipe,
    });
    const { architecture, weights, decoder, tokenizer } = model;
    const { endOfText } = model.folder;
    const job = { architecture, weights, decoder, decode: tokenizer.decode, endOfText };
    await hyperfit({
      ...job,
      ...windows,
      writeTrained: (target, trainables) => writeTrained(target, model, recipe, trainables),
      folder,
      resume: false,
      signal,
      onEvent,
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  // What comes before the first step is done once; the first step warms up.
  return { step: times(steps.slice(1)), epochEnd: times(epochEnds.slice(2)) };
}

/** Seconds of one more token of all samples. */
async function timeWriting(
  { decoder, folder, architecture }: OpenModel,
  { samples, promptTokens, windowLength }: Recipe,
  heldOut: readonly Int32Array[],
  signal: AbortSignal,
): Promise<number> {
  const room = architecture.geometry.contextLength - TOKENS_WRITTEN - 1;
  const promptLength = Math.min(promptTokens, windowLength - 1, room);
  const prompts = heldOut.slice(0, samples).map((window) => [...window.subarray(0, promptLength)]);
  if (prompts.length === 0 || promptLength < 1) return 0;
  const moments: number[] = [];
  await decoder.generate(prompts, {
    ...{ maxNewTokens: TOKENS_WRITTEN, decoding: GREEDY, seed: 0, atEnd: 'forbid', signal },
    endOfText: folder.endOfText,
    onToken: (prompt) => {
      if (prompt === 0) moments.push(performance.now());
    },
  });
  // The first token comes with the prompt, the second waits for its graph.
  const [start, end] = [moments[1], moments.at(-1)];
  return start === undefined || end === undefined ? 0 : (end - start) / 1000 / (moments.length - 2);
}

function times(seconds: readonly number[]): Times {
  return { fastest: Math.min(...seconds), slowest: Math.max(...seconds) };
}
