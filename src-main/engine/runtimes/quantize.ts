/**
 * Weights in about a quarter or an eighth of float32's room: each run of 32 numbers of a row is kept as whole numbers of
 * 8 or 4 bits and one factor. Rounding is to the nearest, zeros stay exactly zero. The layout is that of onnxruntime's
 * MatMulNBits (docs/ContribOperators.md), the factors are chosen as in llama.cpp's Q8_0 and Q4_0.
 */
export const WEIGHT_PRECISIONS = ['float32', '8-bit', '4-bit'] as const;
/** How the weights of a model that only writes are kept. */
export type WeightPrecision = (typeof WEIGHT_PRECISIONS)[number];

/** Numbers that have one factor in common. */
export const BLOCK = 32;

/** Row r, column c is scale · (q − 2^(bits−1)), where blocks of a row that is not full are filled with zeros. */
export interface QuantizedMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly bits: 4 | 8;
  /** [rows, blocks, BLOCK · bits / 8]; of two 4-bit numbers in a byte, the first is in the lower half. */
  readonly values: Uint8Array;
  /** [rows, blocks] */
  readonly scales: Float32Array;
}

/**
 * In 8 bits, no number moves by more than 1/254 of its block's largest magnitude. In 4 bits the largest stays what it is,
 * none moves by more than 1/8 of it, and only numbers near the largest of the other sign by more than 1/16.
 *
 * @param numbers [rows, columns], or [columns, rows] where they are stored by column
 */
export function quantize(
  numbers: Float32Array,
  {
    rows,
    columns,
    bits,
    byColumn = false,
  }: Pick<QuantizedMatrix, 'rows' | 'columns' | 'bits'> & { byColumn?: boolean },
): QuantizedMatrix {
  const blocks = Math.ceil(columns / BLOCK);
  const zero = 2 ** (bits - 1);
  const values = new Uint8Array((rows * blocks * BLOCK * bits) / 8);
  const scales = new Float32Array(rows * blocks);
  const [rowStep, columnStep] = byColumn ? [1, rows] : [columns, 1];
  for (let row = 0; row < rows; row++) {
    for (let block = 0; block < blocks; block++) {
      const first = row * rowStep + block * BLOCK * columnStep;
      const count = Math.min(BLOCK, columns - block * BLOCK);
      let extreme = 0;
      for (let place = 0; place < count; place++) {
        const number = numbers[first + place * columnStep]!;
        if (Math.abs(number) > Math.abs(extreme)) extreme = number;
      }
      // The largest becomes 127 of 127, or −8 of −8 … 7: then the four bits are used up.
      const scale = bits === 8 ? Math.abs(extreme) / (zero - 1) : extreme / -zero;
      const at = row * blocks + block;
      scales[at] = scale;
      const inverse = scale === 0 ? 0 : 1 / scale;
      for (let place = 0; place < BLOCK; place++) {
        const number = place < count ? numbers[first + place * columnStep]! : 0;
        const value = Math.min(Math.round(number * inverse) + zero, 2 * zero - 1);
        if (bits === 8) values[at * BLOCK + place] = value;
        else values[(at * BLOCK + place) >> 1]! |= value << (4 * (place & 1));
      }
    }
  }
  return { rows, columns, bits, values, scales };
}

/** The numbers that it stands for, [rows, columns]. */
export function dequantize({ rows, columns, bits, values, scales }: QuantizedMatrix): Float32Array {
  const blocks = Math.ceil(columns / BLOCK);
  const zero = 2 ** (bits - 1);
  const numbers = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const block = row * blocks + Math.floor(column / BLOCK);
      const place = block * BLOCK + (column % BLOCK);
      const value = bits === 8 ? values[place]! : (values[place >> 1]! >> (4 * (place & 1))) & 15;
      numbers[row * columns + column] = (value - zero) * scales[block]!;
    }
  }
  return numbers;
}
