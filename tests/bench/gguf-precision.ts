/**
 * How GGUF stores numbers: whole (F32, F16), or in blocks of 32 of one row that share a scale (Q8_0, Q4_0, as ggml's
 * reference code makes them).
 */
import type { Precision } from './measurement.ts';

export interface GgufBlock {
  /** ggml's number for this way of storing. */
  readonly type: number;
  /** Of a block; a row holds a whole number of blocks. */
  readonly numbers: number;
  readonly bytes: number;
  readonly pack: (numbers: Float32Array) => Uint8Array;
}

const SHARING = 32;

const float32: GgufBlock = {
  ...{ type: 0, numbers: 1, bytes: 4 },
  pack: (numbers) => new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength),
};
const float16: GgufBlock = {
  ...{ type: 1, numbers: 1, bytes: 2 },
  pack: (numbers) => new Uint8Array(new Float16Array(numbers).buffer),
};

/** The scale, then 32 whole numbers up to ±127. */
const eightBit: GgufBlock = {
  ...{ type: 8, numbers: SHARING, bytes: 2 + SHARING },
  pack: (numbers) =>
    packBlocks(numbers, eightBit, (block, view, start) => {
      const scale = Math.abs(farthestFromZero(block)) / 127;
      view.setFloat16(start, scale, true);
      for (const [index, number] of block.entries())
        view.setInt8(start + 2 + index, scale === 0 ? 0 : Math.round(number / scale));
    }),
};

/** The scale, which makes the number that is farthest from zero −8, then 32 whole numbers from −8 to 7 as 0 to 15. */
const fourBit: GgufBlock = {
  ...{ type: 2, numbers: SHARING, bytes: 2 + SHARING / 2 },
  pack: (numbers) =>
    packBlocks(numbers, fourBit, (block, view, start) => {
      const scale = farthestFromZero(block) / -8;
      const level = (number: number) => (scale === 0 ? 8 : Math.min(15, Math.trunc(number / scale + 8.5)));
      view.setFloat16(start, scale, true);
      // A byte has one of the first half below one of the second.
      for (let index = 0; index < SHARING / 2; index++)
        view.setUint8(start + 2 + index, level(block[index]!) | (level(block[index + SHARING / 2]!) << 4));
    }),
};

/** With what a file of this precision calls itself. */
export const packNumbers: Readonly<
  Record<Precision, { readonly fileType: number; readonly block: GgufBlock }>
> = {
  float32: { fileType: 0, block: float32 },
  float16: { fileType: 1, block: float16 },
  '8-bit': { fileType: 7, block: eightBit },
  '4-bit': { fileType: 2, block: fourBit },
};

function packBlocks(
  numbers: Float32Array,
  { bytes }: GgufBlock,
  pack: (block: Float32Array, view: DataView, start: number) => void,
): Uint8Array {
  const blocks = numbers.length / SHARING;
  const result = new Uint8Array(blocks * bytes);
  const view = new DataView(result.buffer);
  for (let block = 0; block < blocks; block++)
    pack(numbers.subarray(block * SHARING, (block + 1) * SHARING), view, block * bytes);
  return result;
}

function farthestFromZero(block: Float32Array): number {
  return block.reduce((farthest, number) => (Math.abs(number) > Math.abs(farthest) ? number : farthest), 0);
}
