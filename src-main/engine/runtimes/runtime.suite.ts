/** The tests that every runtime must pass: `describeRuntime(name, open)` is called once for each, beside its sources. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluate } from '../graph/evaluate.ts';
import { EXPRESSIONS, numbers, sampleInput } from '../graph/expressions.suite.ts';
import { buildGraph } from '../graph/graph.ts';
import { openSizes } from '../graph/open-sizes.ts';
import * as ops from '../graph/ops.ts';
import type { FixedInput, Runtime } from './runtime.ts';

export function describeRuntime(name: string, open: () => Promise<Runtime>): void {
  describe(`the ${name} runtime`, () => {
    let runtime: Runtime;
    beforeAll(async () => {
      runtime = await open();
    });
    afterAll(() => runtime.close());

    it.each(Object.entries(EXPRESSIONS))('computes %s as the definition says', async (_, build) => {
      const value = build();
      const graph = buildGraph({ result: value });
      const given = new Map([...graph.inputs].map(([key, leaf]) => [key, sampleInput(leaf)]));
      const program = await runtime.compile(graph);
      const tensors = Object.fromEntries(
        [...given].map(([key, data]) => [key, runtime.upload(data, graph.inputs.get(key)!.shape)]),
      );
      const { result } = await program.run(tensors);
      const actual = await result!.read();
      const [expected] = evaluate([value], (key) => given.get(key)!);
      expect(result!.shape).toEqual(value.shape);
      for (const [index, number] of expected!.entries()) expect(actual[index]).toBeCloseTo(number, 4);
      for (const tensor of [...Object.values(tensors), result!]) tensor.release();
      await program.release();
    });

    it('takes what is written into a tensor, and gives its memory back where that fails', async () => {
      const before = runtime.memoryUsed();
      const tensor = await runtime.load([2, 3], async (numbers) => numbers.set([1, 2, 3, 4, 5, 6]));
      expect([tensor.shape, [...(await tensor.read())]]).toEqual([
        [2, 3],
        [1, 2, 3, 4, 5, 6],
      ]);
      tensor.release();
      const failing = runtime.load([4], () => Promise.reject(new Error('The disk is gone.')));
      await expect(failing).rejects.toThrow('The disk is gone.');
      expect(runtime.memoryUsed()).toBe(before);
    });

    it('keeps results on the device and takes them as inputs again', async () => {
      const before = runtime.memoryUsed();
      const x = ops.input('x', [4]);
      const program = await runtime.compile(buildGraph({ y: ops.add(x, 1) }));
      let tensor = runtime.upload(new Float32Array(4), [4]);
      for (let step = 0; step < 10; step++) {
        const { y } = await program.run({ x: tensor });
        tensor.release();
        tensor = y!;
      }
      expect([...(await tensor.read())]).toEqual([10, 10, 10, 10]);
      expect(runtime.memoryUsed() - before).toBe(16);
      tensor.release();
      tensor.release();
      expect(runtime.memoryUsed()).toBe(before);
      await program.release();
    });

    it('lets an output take over the memory of an input', async () => {
      const [state, change] = [ops.input('state', [64]), ops.input('change', [64])];
      const next = ops.add(ops.multiply(state, 0.5), change);
      const program = await runtime.compile(buildGraph({ next }, { next: 'state' }));
      const before = runtime.memoryUsed();
      const step = runtime.upload(new Float32Array(64).fill(1), [64]);
      let tensor = runtime.upload(new Float32Array(64), [64]);
      for (let round = 0; round < 20; round++) {
        tensor = (await program.run({ state: tensor, change: step })).next!;
      }
      expect((await tensor.read())[63]).toBeCloseTo(2, 5);
      expect(runtime.memoryUsed() - before).toBe(512);
      step.release();
      tensor.release();
      await program.release();
    });

    it('gives the same bits for the same run', async () => {
      const [x, y] = [ops.input('x', [64, 48]), ops.input('y', [48, 64])];
      const program = await runtime.compile(buildGraph({ result: ops.softmax(ops.matmul(x, y)) }));
      const tensors = {
        x: runtime.upload(numbers([64, 48]), [64, 48]),
        y: runtime.upload(numbers([48, 64]), [48, 64]),
      };
      const runs = [];
      for (let round = 0; round < 3; round++) {
        const { result } = await program.run(tensors);
        runs.push([...(await result!.read())]);
        result!.release();
      }
      expect(runs[1]).toEqual(runs[0]);
      expect(runs[2]).toEqual(runs[0]);
      for (const tensor of Object.values(tensors)) tensor.release();
      await program.release();
    });

    it('takes fixed inputs into the program', async () => {
      const before = runtime.memoryUsed();
      const [x, weight] = [ops.input('x', [2, 3]), ops.input('weight', [4, 3])];
      const graph = buildGraph({ y: ops.matmul(x, weight, { transposeB: true }) });
      const numbersOfWeight = numbers([4, 3], 5);
      const program = await runtime.compile(graph, new Map([['weight', fixedNumbers(numbersOfWeight)]]));
      const given = { x: runtime.upload(numbers([2, 3]), [2, 3]) };
      const { y } = await program.run(given);
      const [expected] = evaluate([graph.outputs.get('y')!], (name) =>
        name === 'x' ? numbers([2, 3]) : numbersOfWeight,
      );
      for (const [place, number] of (await y!.read()).entries())
        expect(number).toBeCloseTo(expected![place]!, 5);
      await expect(program.run({})).rejects.toMatchObject({ code: 'bad-argument' });
      for (const tensor of [y!, given.x]) tensor.release();
      await program.release();
      expect(runtime.memoryUsed()).toBe(before);
    });

    it('runs one program at any of its open sizes, where it takes them', async () => {
      if (!runtime.takesOpenSizes) return;
      const open = openSizes(['batch', 'tokens'], [3, 2, 4]);
      const { batch, tokens } = open;
      const flat = ops.reshape(ops.exp(ops.input('x', [batch, tokens, 6])), [batch * tokens, 6]);
      const heads = ops.transpose(ops.reshape(flat, [batch, tokens, 2, 3]), [0, 2, 1, 3]);
      const graph = buildGraph({ heads, zeros: ops.add(ops.zeros([batch * tokens, 6]), flat) }, {}, open);
      const program = await runtime.compile(graph);
      for (const [rows, columns] of [
        [1, 1],
        [3, 5],
      ] as const) {
        const x = runtime.upload(numbers([rows, columns, 6]), [rows, columns, 6]);
        const results = await program.run({ x });
        expect(results.heads!.shape).toEqual([rows, 2, columns, 3]);
        expect((await results.zeros!.read())[6 * rows * columns - 1]).toBeCloseTo(
          Math.exp(numbers([rows, columns, 6]).at(-1)!),
          4,
        );
        for (const tensor of [x, ...Object.values(results)]) tensor.release();
      }
      await program.release();
    });

    it('refuses an input that is missing or has another shape, by name', async () => {
      const program = await runtime.compile(buildGraph({ y: ops.exp(ops.input('weights', [2, 2])) }));
      await expect(program.run({})).rejects.toMatchObject({ code: 'bad-argument' });
      const wrong = runtime.upload(new Float32Array(4), [4]);
      await expect(program.run({ weights: wrong })).rejects.toThrow(
        '"weights" must be float32 [2, 2], not float32 [4]',
      );
      wrong.release();
      await program.release();
    });
  });
}

function fixedNumbers(numbers: Float32Array): FixedInput {
  return { read: async (into) => into.set(numbers), precision: 'float32' };
}
