import { describe, expect, it } from 'vitest';
import { buildGraph } from './graph.ts';
import { peakBytes } from './memory.ts';
import { add, exp, input, matmul, multiply, reshape, sum } from './ops.ts';

const x = () => input('x', [10, 10]);
const MATRIX = 10 * 10 * 4;

describe('the memory of a graph', () => {
  it('does not count what the caller holds', () => {
    const given = x();
    expect(peakBytes(buildGraph({ y: matmul(given, given) }))).toBe(0);
  });

  it('counts what is alive together, and nothing after its last use', () => {
    const given = x();
    const first = matmul(given, given);
    const second = matmul(first, given);
    const third = matmul(second, given);
    // A product cannot be written over its operands: two at a time.
    expect(peakBytes(buildGraph({ y: matmul(third, given) }))).toBe(2 * MATRIX);
    // The first is needed again at the end, so three.
    expect(peakBytes(buildGraph({ y: matmul(third, first) }))).toBe(3 * MATRIX);
  });

  it('lets element-wise results take the place of an operand that nothing else needs', () => {
    const given = x();
    const product = matmul(given, given);
    const chain = exp(multiply(exp(product), 2));
    expect(peakBytes(buildGraph({ y: sum(chain, [0, 1]) }))).toBeLessThan(1.1 * MATRIX);
    expect(peakBytes(buildGraph({ y: sum(add(exp(product), product), [0, 1]) }))).toBeGreaterThanOrEqual(
      2 * MATRIX,
    );
  });

  it('takes another view of a tensor for the tensor itself', () => {
    const given = x();
    const view = reshape(reshape(matmul(given, given), [100, 1]), [10, 10]);
    expect(peakBytes(buildGraph({ y: matmul(view, given) }))).toBe(MATRIX);
  });
});
