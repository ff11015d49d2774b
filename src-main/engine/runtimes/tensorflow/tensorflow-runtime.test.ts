import { describe, expect, it } from 'vitest';
import { LabError } from '../../errors.ts';
import { numbers } from '../../graph/expressions.suite.ts';
import { buildGraph } from '../../graph/graph.ts';
import * as ops from '../../graph/ops.ts';
import { describeRuntime } from '../runtime.suite.ts';
import type { TensorLibrary } from './library.ts';
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

    it('writes rows over a table that is taken over, and over no other', async () => {
      const runtime = new TensorFlowRuntime(open());
      const [table, index, updates] = [
        ops.input('table', [3, 2]),
        ops.input('index', [1], 'int32'),
        ops.input('updates', [1, 2]),
      ];
      const written = ops.writeRows(table, index, updates);
      const keeping = await runtime.compile(buildGraph({ written, again: ops.reshape(table, [6]) }));
      const replacing = await runtime.compile(buildGraph({ written }, { written: 'table' }));
      const old = runtime.upload(Float32Array.of(1, 2, 3, 4, 5, 6), [3, 2]);
      const place = {
        index: runtime.upload(Int32Array.of(1), [1]),
        updates: runtime.upload(new Float32Array(2), [1, 2]),
      };
      const kept = await keeping.run({ table: old, ...place });
      expect([...(await old.read())]).toEqual([1, 2, 3, 4, 5, 6]);
      const { written: replaced } = await replacing.run({ table: old, ...place });
      expect([...(await replaced!.read())]).toEqual([1, 2, 0, 0, 5, 6]);
      expect([...(await kept.written!.read())]).toEqual([1, 2, 0, 0, 5, 6]);
      // It does not lie in the memory of the table that it was made of.
      expect([...(await kept.again!.read())]).toEqual([1, 2, 3, 4, 5, 6]);
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
