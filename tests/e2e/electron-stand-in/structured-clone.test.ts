import { expect, it } from 'vitest';
import { makeCodec } from './structured-clone.ts';

const { encode, decode } = makeCodec();

it.each([
  ['plain data', { text: 'a "b"\u2028', list: [1, null, true, { deep: [] }], empty: {} }],
  ['what JSON lacks', [undefined, Number.NaN, Number.NEGATIVE_INFINITY, 12n, new Date(5)]],
  ['maps and sets', new Map<unknown, unknown>([['a', new Set([1, 'two'])]])],
  ['numbers in memory', { loss: new Float32Array([0.5, -2]), bytes: new Uint8Array([0, 255]).buffer }],
])('carries %s', (_what, value) => {
  expect(decode(encode(value))).toEqual(value);
});

it('carries a part of a larger memory as itself', () => {
  const part = new Float64Array([1, 2, 3, 4]).subarray(1, 3);
  expect(decode(encode(part))).toEqual(new Float64Array([2, 3]));
});

it('carries errors with their messages', () => {
  expect(decode(encode(new RangeError('too far')))).toEqual(new Error('too far'));
});

it.each([
  ['functions', { call: () => {} }],
  ['a value that holds itself', holdingItself()],
  ['classes that it does not know', /pattern/],
])('refuses %s', (_what, value) => {
  expect(() => encode(value)).toThrow(/could not be cloned/);
});

function holdingItself(): object {
  const value = {};
  return Object.assign(value, { value });
}
