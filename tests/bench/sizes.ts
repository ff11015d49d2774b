/** The models that are measured, at their real sizes and at tiny ones that only show that everything works. */
import os from 'node:os';
import type { LlamaSize } from './measurement.ts';

export interface Size {
  /** What --size asks for. */
  readonly id: SizeName;
  readonly model: LlamaSize;
  /** Epochs of a long training of ours that are measured; the others count as long as the last of these. */
  readonly ourEpochs: number;
}

/** How much each row does. */
export interface Amounts {
  readonly batch: number;
  readonly length: number;
  readonly windows: number;
  readonly epochs: number;
  /** What is measured of PEFT's epochs. */
  readonly peftEpochs: number;
  readonly steps: number;
  readonly prompts: number;
  readonly promptTokens: number;
  readonly newTokens: number;
  /** Sides of the square matrices whose products are the machine's best. */
  readonly products: readonly number[];
  readonly productSeconds: number;
}

export const SIZE_NAMES = ['15m', '190m', '1.1b'] as const;
export type SizeName = (typeof SIZE_NAMES)[number];

const VOCABULARY = { vocabulary: 32_000, context: 512 };
/** So that a row of 1.1 B takes minutes, not an hour. */
const EPOCHS_OF_THE_LARGEST = 3;

const REAL: Readonly<Record<SizeName, LlamaSize>> = {
  '15m': { width: 288, blocks: 6, heads: 6, keyValueHeads: 6, feedForward: 768, tied: true, ...VOCABULARY },
  '190m': {
    width: 768,
    blocks: 22,
    heads: 12,
    keyValueHeads: 12,
    feedForward: 2048,
    tied: false,
    ...VOCABULARY,
  },
  // TinyLlama's.
  '1.1b': {
    width: 2048,
    blocks: 22,
    heads: 32,
    keyValueHeads: 4,
    feedForward: 5632,
    tied: false,
    ...VOCABULARY,
  },
};
const TINY_VOCABULARY = { vocabulary: 512, context: 64 };
const TINY: Readonly<Record<SizeName, LlamaSize>> = {
  '15m': {
    width: 32,
    blocks: 2,
    heads: 2,
    keyValueHeads: 2,
    feedForward: 64,
    tied: true,
    ...TINY_VOCABULARY,
  },
  '190m': {
    width: 64,
    blocks: 9,
    heads: 2,
    keyValueHeads: 2,
    feedForward: 96,
    tied: false,
    ...TINY_VOCABULARY,
  },
  '1.1b': {
    width: 64,
    blocks: 9,
    heads: 4,
    keyValueHeads: 2,
    feedForward: 96,
    tied: false,
    ...TINY_VOCABULARY,
  },
};
export const REAL_AMOUNTS: Amounts = {
  ...{ batch: 4, length: 256, windows: 8, epochs: 20, peftEpochs: 2, steps: 3 },
  ...{ prompts: 32, promptTokens: 32, newTokens: 64 },
  ...{ products: [1024, 2048], productSeconds: 1 },
};
export const TINY_AMOUNTS: Amounts = {
  ...{ batch: 2, length: 32, windows: 4, epochs: 3, peftEpochs: 2, steps: 1 },
  ...{ prompts: 4, promptTokens: 8, newTokens: 8 },
  ...{ products: [128, 256], productSeconds: 0.05 },
};

export function findSize(id: SizeName, quick: boolean): Size {
  const { epochs } = quick ? TINY_AMOUNTS : REAL_AMOUNTS;
  const model = (quick ? TINY : REAL)[id];
  return { id, model, ourEpochs: id === '1.1b' ? Math.min(EPOCHS_OF_THE_LARGEST, epochs) : epochs };
}

/** "15 M Llama, 6 blocks × 288". */
export function describeSize(model: LlamaSize): string {
  const millions = parametersOf(model) / 1e6;
  const count =
    millions >= 1000 ? `${(millions / 1000).toFixed(1)} B` : `${millions.toFixed(millions < 1 ? 2 : 0)} M`;
  return `${count} Llama, ${model.blocks} blocks × ${model.width}`;
}

export function parametersOf(model: LlamaSize): number {
  const { width, feedForward, blocks, heads, keyValueHeads, vocabulary, tied } = model;
  const block = 2 * width ** 2 * (1 + keyValueHeads / heads) + 3 * width * feedForward + 2 * width;
  return blocks * block + (tied ? 1 : 2) * vocabulary * width + width;
}

/** Whether all of a model can learn in this computer's memory: each number with its gradient and Adam's two means. */
export function fitsWhole(model: LlamaSize, memory = os.totalmem()): boolean {
  const [bytesOfNumber, shareForThis] = [4 * 4, 0.6];
  return parametersOf(model) * bytesOfNumber <= memory * shareForThis;
}
