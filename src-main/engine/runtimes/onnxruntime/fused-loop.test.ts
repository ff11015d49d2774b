import { describe, expect, it } from 'vitest';
import { evaluate } from '../../graph/evaluate.ts';
import { numbers } from '../../graph/expressions.suite.ts';
import { buildGraph } from '../../graph/graph.ts';
import {
  add,
  divide,
  exp,
  input,
  matmul,
  multiply,
  negate,
  sigmoid,
  sqrt,
  subtract,
  sum,
  tanh,
} from '../../graph/ops.ts';
import { fuseElementwise } from './fused-loop.ts';

const [x, y, rate] = [input('x', [3, 4]), input('y', [3, 4]), input('rate', [])];

describe('a fused loop', () => {
  it('computes what the graph means', () => {
    const outputs = {
      moved: subtract(x, multiply(rate, divide(y, add(sqrt(multiply(y, y)), 1e-3)))),
      squashed: tanh(sigmoid(negate(exp(y)))),
    };
    const graph = buildGraph(outputs);
    const given = new Map([
      ['x', numbers([3, 4], 1)],
      ['y', numbers([3, 4], 2)],
      ['rate', Float32Array.of(0.5)],
    ]);
    const results = new Map(Object.keys(outputs).map((name) => [name, new Float32Array(12)]));
    fuseElementwise(graph)!.run(given, results);
    const expected = evaluate(Object.values(outputs), (name) => given.get(name)!);
    for (const [index, result] of [...results.values()].entries()) {
      for (const [place, number] of result.entries()) expect(number).toBeCloseTo(expected[index]![place]!, 6);
    }
  });

  it('may write over its own inputs', () => {
    const graph = buildGraph({ sum: add(x, y), difference: subtract(x, y) });

    const [first, second] = [new Float32Array(12).fill(5), new Float32Array(12).fill(3)];
    const given = new Map([
      ['x', first],
      ['y', second],
    ]);
    fuseElementwise(graph)!.run(
      given,
      new Map([
        ['sum', first],
        ['difference', second],
      ]),
    );
    expect([first[11], second[11]]).toEqual([8, 2]);
  });

  it('leaves graphs with other operations to the runtime', () => {
    expect(fuseElementwise(buildGraph({ out: matmul(x, y, { transposeB: true }) }))).toBeUndefined();
    expect(fuseElementwise(buildGraph({ out: sum(x, [0]) }))).toBeUndefined();
    expect(fuseElementwise(buildGraph({ out: add(x, input('row', [4])) }))).toBeUndefined();
  });
});
