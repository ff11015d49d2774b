import { describe, expect, it } from 'vitest';
import { evaluate } from '../../graph/evaluate.ts';
import { numbers } from '../../graph/expressions.suite.ts';
import { buildGraph } from '../../graph/graph.ts';
import * as ops from '../../graph/ops.ts';
import { dequantize, quantize, type WeightPrecision } from '../quantize.ts';
import { describeRuntime } from '../runtime.suite.ts';
import { CpuRuntime } from './cpu-runtime.ts';

describeRuntime('onnxruntime CPU', async () => new CpuRuntime());

describe('fixed inputs in whole numbers', () => {
  const runtime = new CpuRuntime(1);
  const [rows, columns] = [6, 70];
  const x = ops.input('x', [3, columns]);
  const index = ops.constant(Int32Array.of(4, 0, 4), [3]);
  const weight = ops.input('weight', [rows, columns]);
  const turned = ops.input('turned', [columns, rows]);
  const matrix = numbers([rows, columns], 3);
  const byColumn = Float32Array.from({ length: matrix.length }, (_, place) => {
    const [column, row] = [Math.floor(place / rows), place % rows];
    return matrix[row * columns + column]!;
  });

  async function run(graph: ReturnType<typeof buildGraph>, precision: WeightPrecision) {
    const read = (data: Float32Array) => async (into: Float32Array) => into.set(data);
    const fixed = new Map([
      ['weight', { read: read(matrix), precision }],
      ['turned', { read: read(byColumn), precision }],
    ]);
    const used = new Map([...fixed].filter(([name]) => graph.inputs.has(name)));
    const program = await runtime.compile(graph, used);
    const given = runtime.upload(numbers([3, columns], 4), [3, columns]);
    const results = await program.run({ x: given });
    await program.release();
    return results;
  }

  it.each([
    ['8-bit', 8],
    ['4-bit', 4],
  ] as const)('give products with the numbers that they stand for (%s)', async (precision, bits) => {
    const graph = buildGraph({
      product: ops.add(ops.matmul(x, weight, { transposeB: true }), 1),
      same: ops.matmul(x, turned),
      onTop: ops.add(ops.matmul(x, turned), ops.input('other', [3, rows])),
    });
    const other = ops.constant(numbers([3, rows], 8), [3, rows]);
    const closed = buildGraph({
      product: graph.outputs.get('product')!,
      same: graph.outputs.get('same')!,
      onTop: ops.add(ops.matmul(x, turned), other),
    });
    const results = await run(closed, precision);
    const restored = dequantize(quantize(matrix, { rows, columns, bits }));
    const [expected] = evaluate([ops.matmul(x, weight, { transposeB: true })], (name) =>
      name === 'x' ? numbers([3, columns], 4) : restored,
    );
    const read = async (name: string) => results[name]!.read();
    for (const [place, number] of expected!.entries()) {
      // x is rounded as well: each product of about 70 numbers moves by some hundredths.
      expect(Math.abs((await read('product'))[place]! - 1 - number)).toBeLessThan(0.15);
      expect((await read('same'))[place]).toBeCloseTo((await read('product'))[place]! - 1, 4);
      const added = numbers([3, rows], 8)[place]!;
      expect((await read('onTop'))[place]).toBeCloseTo((await read('same'))[place]! + added, 4);
    }
  });

  it('give rows of a table in 8 bits, also beside products in 4', async () => {
    const graph = buildGraph({
      table: ops.gatherRows(weight, index),
      product: ops.matmul(x, weight, { transposeB: true }),
    });
    const restored = dequantize(quantize(matrix, { rows, columns, bits: 8 }));
    for (const precision of ['8-bit', '4-bit'] as const) {
      const { table } = await run(graph, precision);
      const [expected] = evaluate([ops.gatherRows(weight, index)], () => restored);
      for (const [place, number] of (await table!.read()).entries())
        expect(number).toBeCloseTo(expected![place]!, 5);
    }
  });

  it('stay as they are where anything else is done with them', async () => {
    const { sum } = await run(
      buildGraph({ sum: ops.add(weight, ops.matmul(weight, ops.zeros([columns, columns]))) }),
      '4-bit',
    );
    expect([...(await sum!.read())]).toEqual([...matrix]);
  });
});
