import { describe, expect, it } from 'vitest';
import { decodeStates, encodeStates } from './states-precision.ts';

function through(numbers: number[], precision: 'float32' | 'float16'): number[] {
  const states = Float32Array.from(numbers);
  const into = new Float32Array(numbers.length);
  decodeStates(Uint8Array.from(encodeStates(states, precision)), precision, into);
  return [...into];
}

describe('hidden states in a file', () => {
  it('come back as they were in single precision', () => {
    const numbers = [0, -0, Math.fround(0.1), 3.4e38, 1e-40].map(Math.fround);
    expect(through(numbers, 'float32')).toEqual(numbers);
  });

  it.each([
    ['what half precision holds', [0, 1, -2.5, 65504, 1000.5], [0, 1, -2.5, 65504, 1000.5]],
    ['ties, to even', [2049, 2051, -2049, 65519], [2048, 2052, -2048, 65504]],
    ['what is nearer to one of two', [1 + 0.6 * 2 ** -10, 1 + 0.4 * 2 ** -10], [1 + 2 ** -10, 1]],
    [
      'subnormal numbers',
      [2 ** -24, 3 * 2 ** -24, 2 ** -25, 0.75 * 2 ** -24],
      [2 ** -24, 3 * 2 ** -24, 0, 2 ** -24],
    ],
  ])('are rounded in half precision: %s', (_, numbers, expected) => {
    expect(through(numbers, 'float16')).toEqual(expected);
  });

  it('come back exactly in half precision where they are of it: all 65,536 of them', () => {
    const halves = new Float16Array(Uint16Array.from({ length: 65_536 }, (_, bits) => bits).buffer);
    const numbers = [...halves].filter(Number.isFinite);
    expect(numbers).toHaveLength(63_488);
    expect(through(numbers, 'float16')).toEqual(numbers);
  });

  it('are refused in half precision where they would become infinite, and stay what they are where they are no numbers', () => {
    expect(() => encodeStates(Float32Array.of(1, -65_520), 'float16')).toThrow(
      'as large as 65520, and half precision ends at 65504',
    );
    expect(() => encodeStates(Float32Array.of(3e38), 'float16')).toThrow('--cache-precision float32');
    expect(through([Number.NaN, Number.NEGATIVE_INFINITY], 'float16')).toEqual([
      Number.NaN,
      Number.NEGATIVE_INFINITY,
    ]);
  });
});
