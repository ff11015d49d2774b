import path from 'node:path';
import { expect, it } from 'vitest';
import { windowAttention } from '../architectures/attention.ts';
import { ModelBuilder } from '../architectures/builder.ts';
import { recognizeArchitecture } from '../architectures/recognize.ts';
import { openModelFolder } from '../formats/model-folder.ts';
import { buildGraph } from '../graph/graph.ts';
import { input } from '../graph/ops.ts';
import { Weights } from '../model/weights.ts';
import { Random } from '../random.ts';
import { CpuRuntime } from '../runtimes/onnxruntime/cpu-runtime.ts';
import { FrozenPrefix } from './frozen-prefix.ts';

const FIXTURES = path.join(import.meta.dirname, '../../../tests/golden/fixtures');
const SHAPE = { batch: 3, length: 7 };

it.each(['llama', 'gpt2', 'gemma2', 'qwen3'])(
  'gives what embedding and blocks of %s give as one graph, and keeps nothing of the token table',
  async (name) => {
    const folder = await openModelFolder(path.join(FIXTURES, name));
    const architecture = recognizeArchitecture(folder.config);
    const runtime = new CpuRuntime();
    const weights = new Weights(folder, architecture, runtime);
    const random = new Random(5);
    const count = SHAPE.batch * SHAPE.length;
    const tokens = Int32Array.from({ length: count }, () =>
      random.below(architecture.geometry.vocabularySize),
    );
    const prefix = await FrozenPrefix.create(architecture, weights, 2, SHAPE);
    const result = await prefix.run(tokens);
    const found = (await result.read()).slice();
    result.release();
    const { blocks, embedding } = weights.layout;
    const inMemory = new Map([...blocks[0]!, ...blocks[1]!, ...embedding]);
    inMemory.delete(architecture.tokenTable);
    expect(runtime.memoryUsed()).toBe(bytesOf([...inMemory.values()]));

    const builder = new ModelBuilder(windowAttention(SHAPE.batch, SHAPE.length));
    let hidden = architecture.embed(builder, input('tokens', [count], 'int32'));
    for (let block = 0; block < 2; block++)
      hidden = architecture.block(builder.within(architecture.blockPath(block)), block, hidden);
    const program = await runtime.compile(buildGraph({ hidden }));
    const whole = await program.run({
      ...(await weights.tensors(builder.parameters.keys())),
      tokens: runtime.upload(tokens, [count]),
    });
    const expected = await whole.hidden!.read();
    for (const [index, number] of found.entries()) expect(number).toBeCloseTo(expected[index]!, 5);
    await folder.close();
  },
);

function bytesOf(shapes: readonly (readonly number[])[]): number {
  return shapes.reduce((sum, shape) => sum + 4 * shape.reduce((product, size) => product * size, 1), 0);
}
