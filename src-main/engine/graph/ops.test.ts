import { describe, expect, it } from 'vitest';
import * as ops from './ops.ts';

const [a, b, index] = [ops.input('a', [2, 3]), ops.input('b', [4, 5]), ops.input('i', [2], 'int32')];

describe('operations', () => {
  it.each([
    [
      'matmul',
      () => ops.matmul(a, b),
      'matmul cannot take [2, 3] and [4, 5]: the inner sizes 3 and 4 differ.',
    ],
    ['add', () => ops.add(a, b), 'add cannot take [2, 3] and [4, 5]: 2 and 4 do not broadcast.'],
    ['reshape', () => ops.reshape(a, [5]), 'reshape cannot take [2, 3]: 6 numbers do not fill [5].'],
    [
      'transpose',
      () => ops.transpose(a, [0, 0]),
      'transpose cannot take [2, 3]: [0, 0] is not an order of its axes.',
    ],
    ['slice', () => ops.slice(a, 1, 2, 5), 'slice cannot take [2, 3]: 2..5 is not within axis 1.'],
    ['slice of an axis that is not there', () => ops.slice(a, 2, 0, 1), 'there is no axis 2'],
    [
      'concat',
      () => ops.concat([a, b], 0),
      'concat cannot take [2, 3] and [4, 5]: they differ in another axis than 0.',
    ],
    ['broadcast', () => ops.broadcast(a, [2, 4]), 'broadcast cannot take [2, 3]'],
    [
      'gatherRows',
      () => ops.gatherRows(a, b),
      'gatherRows cannot take [2, 3] and [4, 5]: the index must be int32.',
    ],
    ['pick', () => ops.pick(b, index), 'it takes a matrix [n, width] and an int32 index [n]'],
    ['exp of integers', () => ops.exp(index), 'exp cannot take [2]: it works on float32.'],
    [
      'constant',
      () => ops.constant(Float32Array.of(1), [2]),
      'constant cannot take [2]: there are 1 numbers.',
    ],
  ])('%s names itself and the shapes that do not fit', (_, build, message) => {
    expect(build).toThrow(message);
  });

  it('infers the shape of a batched, transposed product', () => {
    const [x, y] = [ops.input('x', [2, 1, 3, 4]), ops.input('y', [7, 5, 4])];
    expect(ops.matmul(x, y, { transposeB: true }).shape).toEqual([2, 7, 3, 5]);
  });
});
