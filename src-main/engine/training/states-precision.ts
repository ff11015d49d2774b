/** Hidden states as they lie in a file: in single precision as they are, or in half precision, rounded to the nearest. */
import { LabError } from '../errors.ts';
import type { Recipe } from './recipe.ts';

type Precision = Recipe['cachePrecision'];

export const PRECISION_BYTES: Readonly<Record<Precision, number>> = { float32: 4, float16: 2 };

/** Half way from the largest number of half precision, 65504, to what would come next: from here on it is infinity. */
const TOO_LARGE = 65520;

/**
 * Little-endian, as every machine the lab runs on; float32 is not copied. Half precision (IEEE 754 binary16) rounds ties to
 * even and keeps subnormal numbers.
 * @throws LabError 'bad-argument' where a number is too large for half precision. What is infinite, or no number, stays so
 */
export function encodeStates(states: Float32Array, precision: Precision): Uint8Array {
  if (precision === 'float32') return new Uint8Array(states.buffer, states.byteOffset, states.byteLength);
  const halves = new Float16Array(states.length);
  let largest = 0;
  for (let index = 0; index < states.length; index++) {
    const number = states[index]!;
    halves[index] = number;
    const size = Math.abs(number);
    if (size > largest && size !== Number.POSITIVE_INFINITY) largest = size;
  }
  if (largest < TOO_LARGE) return new Uint8Array(halves.buffer);
  throw new LabError(
    'bad-argument',
    `In this model a frozen block gives numbers as large as ${Math.round(largest)}, and half precision ends at 65504. Begin a new run with the file of the frozen blocks in single precision (--cache-precision float32).`,
    { largest },
  );
}

/** @param into as many as the bytes hold */
export function decodeStates(bytes: Uint8Array<ArrayBuffer>, precision: Precision, into: Float32Array): void {
  const { buffer, byteOffset } = bytes;
  into.set(
    precision === 'float32'
      ? new Float32Array(buffer, byteOffset, into.length)
      : new Float16Array(buffer, byteOffset, into.length),
  );
}
