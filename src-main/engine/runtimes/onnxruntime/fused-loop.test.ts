import { describe, expect, it } from 'vitest';
import { evaluate } from '../../graph/evaluate.ts';
import { numbers } from '../../graph/expressions.suite.ts';
import { buildGraph } from '../../graph/graph.ts';
import { add, divide, exp, input, matmul, multiply, negate, sqrt, subtract, sum } from '../../graph/ops.ts';
import { fuseElementwise } from './fused-loop.ts';

const [x, y, rate] = [input('x', [3, 4]), input('y', [3, 4]), input('rate', [])];

describe('a fused loop', () => {
  it('computes what the graph means', () => {
    const outputs = {
      moved: subtract(x, multiply(rate, divide(y, add(sqrt(multiply(y, y)), 1e-3)))),
      turned: negate(divide(y, rate)),
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

  it('goes through tensors of any size', () => {
    for (const count of [1, 5, 16_384, 40_001]) {
      const [a, b] = [input('a', [count]), input('b', [count])];
      const given = new Map([
        ['a', numbers([count], 1)],
        ['b', numbers([count], 2)],
      ]);
      const sum = new Float32Array(count);
      fuseElementwise(buildGraph({ sum: add(a, b) }))!.run(given, new Map([['sum', sum]]));
      expect(sum).toEqual(given.get('a')!.map((number, index) => number + given.get('b')![index]!));
    }
  });

  it('computes with scalars alone', () => {
    const half = new Float32Array(1);
    const graph = buildGraph({ half: multiply(rate, 0.5) });
    fuseElementwise(graph)!.run(new Map([['rate', Float32Array.of(3)]]), new Map([['half', half]]));
    expect(half[0]).toBe(1.5);
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

  it.each([
    ['mean', 'moved'],
    ['moved', 'mean'],
  ])('reads what an output needs before another replaces it (%s, %s)', (...order) => {
    const mean = add(multiply(x, 0.5), y);
    const outputs = { mean, moved: subtract(input('z', [3, 4]), mean) };
    const graph = buildGraph(new Map(order.map((name) => [name, outputs[name as 'mean']])), {
      mean: 'x',
      moved: 'z',
    });
    const [oldMean, gradient, weight] = [8, 1, 10].map((number) => new Float32Array(12).fill(number));
    fuseElementwise(graph)!.run(
      new Map(Object.entries({ x: oldMean!, y: gradient!, z: weight! })),
      new Map(Object.entries({ mean: oldMean!, moved: weight! })),
    );
    expect([oldMean![11], weight![11]]).toEqual([5, 5]);
  });

  it('leaves graphs with other operations to the runtime', () => {
    expect(fuseElementwise(buildGraph({ out: matmul(x, y, { transposeB: true }) }))).toBeUndefined();
    expect(fuseElementwise(buildGraph({ out: sum(x, [0]) }))).toBeUndefined();
    expect(fuseElementwise(buildGraph({ out: exp(x) }))).toBeUndefined();
    expect(fuseElementwise(buildGraph({ out: add(x, input('row', [4])) }))).toBeUndefined();
  });
});
