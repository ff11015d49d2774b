import { describe, expect, it } from 'vitest';
import { numbers } from '../graph/expressions.suite.ts';
import { BLOCK, dequantize, quantize } from './quantize.ts';

/** Of each number: how far it moved, in parts of its block's largest magnitude. */
function moves(matrix: Float32Array, columns: number, restored: Float32Array): number[] {
  return [...matrix].map((number, index) => {
    const [row, column] = [Math.floor(index / columns), index % columns];
    const start = row * columns + column - (column % BLOCK);
    const block = matrix.subarray(start, Math.min(start + BLOCK, (row + 1) * columns));
    return Math.abs(restored[index]! - number) / Math.max(...block.map(Math.abs));
  });
}

describe('weights in whole numbers', () => {
  const [rows, columns] = [5, 70];
  const matrix = numbers([rows, columns]);

  it('move by no more than half a step in 8 bits', () => {
    const restored = dequantize(quantize(matrix, { rows, columns, bits: 8 }));
    expect(Math.max(...moves(matrix, columns, restored))).toBeLessThan(1 / 253.9);
  });

  it('move by no more than a step in 4 bits, and the largest does not', () => {
    const quantized = quantize(matrix, { rows, columns, bits: 4 });
    const restored = dequantize(quantized);
    expect(Math.max(...moves(matrix, columns, restored))).toBeLessThan(1 / 7.99);
    const first = [...matrix.subarray(0, BLOCK)];
    const largest = first.reduce(
      (best, number, place) => (Math.abs(number) > Math.abs(first[best]!) ? place : best),
      0,
    );
    expect(restored[largest]).toBeCloseTo(matrix[largest]!, 6);
  });

  it.each([4, 8] as const)('keep zeros exactly, also where all are zero (%i bits)', (bits) => {
    const sparse = matrix.map((number, index) => (index % 3 === 0 || index < 2 * BLOCK ? 0 : number));
    const restored = dequantize(quantize(sparse, { rows, columns, bits }));
    for (const [index, number] of sparse.entries())
      if (number === 0) expect(Math.abs(restored[index]!)).toBe(0);
  });

  it.each([4, 8] as const)('are the same of a matrix that is stored by column (%i bits)', (bits) => {
    const byColumn = Float32Array.from({ length: matrix.length }, (_, index) => {
      const [column, row] = [Math.floor(index / rows), index % rows];
      return matrix[row * columns + column]!;
    });
    expect(quantize(byColumn, { rows, columns, bits, byColumn: true })).toEqual(
      quantize(matrix, { rows, columns, bits }),
    );
  });

  it('take about a quarter and an eighth of the room', () => {
    const bytes = ([4, 8] as const).map((bits) => {
      const { values, scales } = quantize(new Float32Array(64 * 64), { rows: 64, columns: 64, bits });
      return (values.byteLength + scales.byteLength) / (64 * 64 * 4);
    });
    expect(bytes).toEqual([0.15625, 0.28125]);
  });
});
