import { describe, expect, it } from 'vitest';
import { buildGraph } from './graph.ts';
import { factorize, openSizes, sizesIn } from './open-sizes.ts';
import * as ops from './ops.ts';

describe('open sizes', () => {
  it('are told from each other and from other sizes in a product', () => {
    const open = openSizes(['batch', 'tokens'], [9973 * 2, 768]);
    expect(factorize(open.batch * open.tokens * 768, new Map(Object.entries(open)))).toEqual({
      factor: 768,
      names: ['batch', 'tokens'],
    });
    expect(factorize(9973 * 2, new Map(Object.entries(open))).names).toEqual([]);
  });

  it('follow from the inputs of a run', () => {
    const open = openSizes(['batch', 'tokens'], []);
    const x = ops.input('x', [open.batch, open.tokens, 4]);
    const graph = buildGraph({ y: ops.reshape(x, [open.batch * open.tokens, 4]) }, {}, open);
    const size = sizesIn(graph, () => [3, 5, 4]);
    expect([open.batch, open.batch * open.tokens, 4].map(size)).toEqual([3, 15, 4]);
  });

  it('are no numbers where no input tells them', () => {
    const open = openSizes(['batch'], []);
    const graph = buildGraph({ y: ops.exp(ops.input('x', [open.batch])) }, {}, open);
    expect(sizesIn(graph, () => undefined)(open.batch)).toBeNaN();
  });
});
