/**
 * How much is done at once when speed is measured: as much as ends within a few seconds at the speed of products, which is
 * measured first. And whether there is the memory for it.
 */
import { LabError } from '../errors.ts';
import { peakBytes } from '../graph/memory.ts';
import { elementCount, type Shape } from '../graph/value.ts';
import { allParameters, type ParameterLayout } from '../model/parameters.ts';
import type { Weights } from '../model/weights.ts';
import { writtenStep } from '../training/multiply-adds.ts';
import { type BatchShape, type TrainingPlan, trainingGraph } from '../training/training-graph.ts';

export interface Amount {
  /** Texts, or token windows. */
  readonly batch: number;
  /** Tokens of a window that is learned from. */
  readonly window: number;
  /** Tokens that a text begins with, and that are written on from there. */
  readonly promptTokens: number;
  readonly newTokens: number;
}

/** Much less where products are slow, such as on a graphics card that the processor only plays, or the model is large. */
const AMOUNTS: readonly Amount[] = [
  { batch: 8, window: 128, promptTokens: 32, newTokens: 32 },
  { batch: 2, window: 128, promptTokens: 32, newTokens: 16 },
  { batch: 1, window: 64, promptTokens: 32, newTokens: 8 },
  { batch: 1, window: 16, promptTokens: 8, newTokens: 4 },
];
/** What is measured takes up to twice as long as its products alone, and is done twice at least. */
const LONGEST_SECONDS = 5;
const BYTES = 4;
/** What cannot be foreseen, and what the rest of the computer needs. */
const ROOM = 1.25;

/** @param operations multiplications and additions of an amount; the window is cut to what the model reads */
export function amountFor(
  operations: (amount: Amount) => number,
  gflops: number,
  contextLength: number,
): Amount {
  const fits = (amount: Amount) => operations(amount) / (gflops * 1e9) <= LONGEST_SECONDS;
  const amount = AMOUNTS.find(fits) ?? AMOUNTS.at(-1)!;
  const window = Math.min(amount.window, contextLength);
  const promptTokens = Math.min(amount.promptTokens, Math.ceil(window / 2));
  const newTokens = Math.min(amount.newTokens, contextLength - promptTokens);
  return { ...amount, window, promptTokens, newTokens };
}

/** Of one training step. */
export function trainingOperations({ layout }: Weights, { adapter, firstBlock }: TrainingPlan) {
  const numbers = [...layout.blocks.slice(firstBlock), layout.head].reduce(
    (sum, part) => sum + numbersOf(part),
    0,
  );
  // There and back; once more where the matrix itself learns.
  const passes = adapter === undefined ? 3 : 2;
  return ({ batch, window }: Amount) => 2 * passes * numbers * batch * window;
}

/** Of beginning the texts and writing them on. */
export function writingOperations(layout: ParameterLayout) {
  const numbers = numbersOf(allParameters(layout));
  const counted = { writtenToken: numbers, blocks: layout.blocks.length };
  return ({ batch, promptTokens, newTokens }: Amount) =>
    2 * (numbers * batch * promptTokens + writtenStep(counted, batch) * newTokens);
}

/** Memory of a training step with its weights. */
export function trainingBytes({ shapes }: Weights, plan: TrainingPlan, shape: BatchShape): number {
  const { graph, trainables } = trainingGraph(plan, shape);
  const frozen = [...shapes].filter(([name]) => graph.inputs.has(name) && !trainables.has(name));
  // What learns has two moments and gradients beside it.
  return BYTES * (numbersOf(frozen) + 4 * numbersOf(trainables) + largestOf(frozen)) + peakBytes(graph);
}

/** Memory that the weights of the whole model take besides those that are loaded already. */
export function missingBytes({ shapes, runtime }: Weights): number {
  return BYTES * (numbersOf(shapes) + largestOf(shapes)) - runtime.memoryUsed();
}

/** @throws LabError 'out-of-memory' */
export function checkFits(what: string, bytes: number, freeBytes: number): void {
  if (bytes * ROOM <= freeBytes) return;
  throw new LabError(
    'out-of-memory',
    `${what} needs ${gigabytes(bytes * ROOM)} of free memory, and ${gigabytes(freeBytes)} are there now.`,
    { bytes, freeBytes },
  );
}

function numbersOf(shapes: Iterable<readonly [string, Shape]>): number {
  return sizesOf(shapes).reduce((sum, size) => sum + size, 0);
}

/** A weight lies there twice, as made and as the runtime has it, until it is collected. */
function largestOf(shapes: Iterable<readonly [string, Shape]>): number {
  return Math.max(0, ...sizesOf(shapes));
}

function sizesOf(shapes: Iterable<readonly [string, Shape]>): number[] {
  return [...shapes].map(([, shape]) => elementCount(shape));
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
