import { describe, expect, it } from 'vitest';
import { LabError } from '../../errors.ts';
import { adam } from '../../graph/adam.ts';
import { writeTokens } from '../../graph/cache-ops.ts';
import { evaluate } from '../../graph/evaluate.ts';
import { numbers } from '../../graph/expressions.suite.ts';
import { buildGraph } from '../../graph/graph.ts';
import * as ops from '../../graph/ops.ts';
import { optimize } from '../../graph/optimize.ts';
import { describeRuntime } from '../runtime.suite.ts';
import type { TensorLibrary } from './library.ts';
import { lowerToTensorFlow } from './lowering.ts';
import { openNativeLibrary } from './native-library.ts';
import { packHere, whyNoPack } from './pack.suite.ts';
import { TensorFlowRuntime } from './tensorflow-runtime.ts';
import { TfjsLibrary } from './tfjs-library.ts';

const pack = packHere;
const LIBRARIES: [string, () => TensorLibrary][] = [['tfjs', () => new TfjsLibrary()]];
if (pack === undefined)
  describe('the TensorFlow runtime', () => it.skip(`is not here: ${whyNoPack}`, () => {}));
else LIBRARIES.push(['TensorFlow', () => openNativeLibrary(pack)]);

for (const [name, open] of LIBRARIES) {
  describeRuntime(name, async () => new TensorFlowRuntime(open()));

  describe(`the ${name} runtime's memory`, () => {
    it('holds the same tensors after 1,000 runs', async () => {
      const library = open();
      const runtime = new TensorFlowRuntime(library);
      const [weight, x] = [ops.input('weight', [8, 8]), ops.input('x', [4, 8])];
      const hidden = ops.rmsNormalize(ops.softmax(ops.matmul(x, weight)), 1e-5);
      const change = ops.matmul(x, hidden, { transposeA: true });
      const program = await runtime.compile(
        buildGraph(
          { 'new weight': ops.subtract(weight, ops.multiply(change, 0.01)) },
          { 'new weight': 'weight' },
        ),
      );
      const given = runtime.upload(numbers([4, 8]), [4, 8]);
      let state = runtime.upload(numbers([8, 8]), [8, 8]);
      const counts = new Set<string>();
      for (let run = 0; run < 1000; run++) {
        state = (await program.run({ weight: state, x: given }))['new weight'] as typeof state;
        counts.add(`${library.tensorCount()} tensors, ${runtime.memoryUsed()} bytes`);
      }
      expect(counts.size).toBe(1);
      state.release();
      given.release();
      await program.release();
      expect(runtime.memoryUsed()).toBe(0);
    });

    it('gives back all tensors of a program that was released', async () => {
      const library = open();
      const runtime = new TensorFlowRuntime(library);
      const before = library.tensorCount();
      const program = await runtime.compile(buildGraph({ y: ops.add(ops.input('x', [3]), 1) }));
      const x = runtime.upload(numbers([3]), [3]);
      const { y } = await program.run({ x });
      y!.release();
      x.release();
      await program.release();
      expect(library.tensorCount()).toBe(before);
    });

    it('keeps nothing of an input that an output takes over without need of it', async () => {
      const library = open();
      const runtime = new TensorFlowRuntime(library);
      const [x, old] = [ops.input('x', []), ops.input('old', [])];
      const loss = ops.withGradient(ops.multiply(x, 2), [{ variable: old, gradient: x }]);
      const before = library.tensorCount();
      const program = await runtime.compile(buildGraph({ loss }, { loss: 'old' }));
      const given = {
        x: runtime.upload(Float32Array.of(3), []),
        old: runtime.upload(Float32Array.of(1), []),
      };
      const { loss: result } = await program.run(given);
      expect((await result!.read())[0]).toBe(6);
      result!.release();
      given.x.release();
      await program.release();
      expect(library.tensorCount()).toBe(before);
    });

    it('writes tokens over a cache that is taken over, and over no other', async () => {
      const runtime = new TensorFlowRuntime(open());
      const [table, index, updates] = [
        ops.input('table', [1, 1, 3, 2]),
        ops.input('index', [1], 'int32'),
        ops.input('updates', [1, 1, 1, 2]),
      ];
      const written = writeTokens(table, updates, index);
      const keeping = await runtime.compile(buildGraph({ written, again: ops.reshape(table, [6]) }));
      const replacing = await runtime.compile(buildGraph({ written }, { written: 'table' }));
      const old = runtime.upload(Float32Array.of(1, 2, 3, 4, 5, 6), [1, 1, 3, 2]);
      const place = {
        index: runtime.upload(Int32Array.of(1), [1]),
        updates: runtime.upload(new Float32Array(2), [1, 1, 1, 2]),
      };
      const kept = await keeping.run({ table: old, ...place });
      expect([...(await old.read())]).toEqual([1, 2, 3, 4, 5, 6]);
      const { written: replaced } = await replacing.run({ table: old, ...place });
      expect([...(await replaced!.read())]).toEqual([1, 2, 0, 0, 5, 6]);
      expect([...(await kept.written!.read())]).toEqual([1, 2, 0, 0, 5, 6]);
      // It does not lie in the memory of the table that it was made of.
      expect([...(await kept.again!.read())]).toEqual([1, 2, 3, 4, 5, 6]);
    });

    it('adds scattered rows to a table that nothing else needs, and to no other', async () => {
      const runtime = new TensorFlowRuntime(open());
      const [x, index] = [ops.input('x', [3, 1]), ops.input('index', [2], 'int32')];
      const doubled = ops.multiply(x, 2);
      const scattered = ops.scatterRows(index, ops.slice(x, 0, 0, 2), 3);
      const graphs = [
        { sum: ops.add(doubled, scattered) },
        { sum: ops.add(x, scattered) },
        { sum: ops.add(doubled, scattered), later: ops.negate(doubled) },
        { sum: ops.add(doubled, scattered), later: ops.negate(scattered) },
      ];
      const given = {
        x: runtime.upload(Float32Array.of(1, 2, 3), [3, 1]),
        index: runtime.upload(Int32Array.of(2, 2), [2]),
      };
      const sums = [
        [2, 4, 9],
        [1, 2, 6],
        [2, 4, 9],
        [2, 4, 9],
      ];
      const others = [undefined, undefined, [-2, -4, -6], [0, 0, -3]];
      for (const [place, outputs] of graphs.entries()) {
        const results = await (await runtime.compile(buildGraph(outputs))).run(given);
        expect([...(await results.sum!.read())]).toEqual(sums[place]);
        if (results.later)
          expect([...(await results.later.read())].map((one) => one + 0)).toEqual(others[place]);
      }
      expect([...(await given.x.read())]).toEqual([1, 2, 3]);
    });

    it('adds at picked places without changing what else reads the matrix', async () => {
      const runtime = new TensorFlowRuntime(open());
      const [x, index] = [ops.input('x', [2, 2]), ops.input('index', [2], 'int32')];
      const doubled = ops.multiply(x, 2);
      const alone = ops.addAtPick(doubled, index, -1);
      const after = { alone, later: ops.add(doubled, ops.multiply(alone, 0)) };
      const given = {
        x: runtime.upload(Float32Array.of(1, 2, 3, 4), [2, 2]),
        index: runtime.upload(Int32Array.of(0, 1), [2]),
      };
      for (const graph of [buildGraph({ alone }), buildGraph(after)]) {
        const results = await (await runtime.compile(graph)).run(given);
        expect([...(await results.alone!.read())]).toEqual([1, 4, 6, 7]);
        if (results.later) expect([...(await results.later.read())]).toEqual([2, 4, 6, 8]);
      }
      expect([...(await given.x.read())]).toEqual([1, 2, 3, 4]);
    });
  });

  it(`turns a failure of ${name} into an error in words, and keeps nothing`, async () => {
    const library = open();
    const runtime = new TensorFlowRuntime(library);
    const [table, index] = [ops.input('table', [2, 2]), ops.input('index', [1], 'int32')];
    const sum = ops.add(ops.gatherRows(ops.exp(table), index), 1);
    const program = await runtime.compile(buildGraph({ sum }));
    const given = {
      table: runtime.upload(numbers([2, 2]), [2, 2]),
      index: runtime.upload(Int32Array.of(9), [1]),
    };
    const before = library.tensorCount();
    const error = await program.run(given).catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(LabError);
    expect(error).toMatchObject({ code: 'runtime-failed' });
    expect(library.tensorCount()).toBe(before);
  });
}

if (pack !== undefined) {
  it('updates by one operation of TensorFlow, as Adam is defined', async () => {
    const library = openNativeLibrary(pack);
    const runtime = new TensorFlowRuntime(library);
    const shape = [300, 70];
    const tensors = ['weight', 'first', 'second', 'gradient'] as const;
    const scalars = { rate: 0.1, firstCorrection: 1 - 0.9 ** 3, spreadFactor: 1 / Math.sqrt(1 - 0.999 ** 3) };
    const given = new Map(
      tensors.map((name, seed) => [name as string, numbers(shape, seed + 1).map(Math.abs)]),
    );
    for (const [name, number] of Object.entries(scalars)) given.set(name, Float32Array.of(number));
    const operand = (name: string) => ops.input(name, name in scalars ? [] : shape);
    const updated = adam({
      ...{ weight: operand('weight'), first: operand('first'), second: operand('second') },
      ...{ gradient: operand('gradient'), rate: operand('rate') },
      ...{ firstCorrection: operand('firstCorrection'), spreadFactor: operand('spreadFactor') },
    });
    const graph = buildGraph(
      { 'new weight': updated.weight, 'new first': updated.first, 'new second': updated.second },
      { 'new weight': 'weight', 'new first': 'first', 'new second': 'second' },
    );
    const { instructions } = lowerToTensorFlow(optimize(graph), library.hasVariables);
    expect(instructions.map(({ operation }) => operation)).not.toContain('Sqrt');
    const before = library.tensorCount();
    const program = await runtime.compile(graph);
    const uploaded = Object.fromEntries(
      [...given].map(([name, data]) => [name, runtime.upload(data, name in scalars ? [] : shape)]),
    );
    const results = await program.run(uploaded);
    const names = [...graph.outputs.keys()];
    const expected = evaluate([...graph.outputs.values()], (name) => given.get(name)!);
    for (const [index, name] of names.entries()) {
      const actual = await results[name]!.read();
      for (const [place, number] of expected[index]!.entries()) expect(actual[place]).toBeCloseTo(number, 4);
      results[name]!.release();
    }
    for (const tensor of Object.values(uploaded)) tensor.release();
    await program.release();
    expect(library.tensorCount()).toBe(before);
  });

  it('refuses another number of threads in a process that computes already', () => {
    openNativeLibrary(pack);
    expect(() => openNativeLibrary(pack, 99)).toThrow('another way needs another process');
  });
} else {
  it('says why a library cannot be loaded', () => {
    const nowhere = { kind: 'cpu', folder: '/nowhere', binding: '/nowhere/tfjs_binding.node' } as const;
    expect(() => openNativeLibrary(nowhere)).toThrow('could not be loaded from /nowhere');
  });
}
