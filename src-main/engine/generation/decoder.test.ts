import path from 'node:path';
import { expect, it } from 'vitest';
import { recognizeArchitecture } from '../architectures/recognize.ts';
import { openModelFolder } from '../formats/model-folder.ts';
import { Weights } from '../model/weights.ts';
import { CpuRuntime } from '../runtimes/onnxruntime/cpu-runtime.ts';
import { Decoder } from './decoder.ts';
import { GREEDY } from './decoding.ts';

const MODEL = path.join(import.meta.dirname, '../../../tests/golden/fixtures/llama');

it('keeps few compiled steps however many shapes it meets, and writes the same after', async () => {
  const folder = await openModelFolder(MODEL);
  const architecture = recognizeArchitecture(folder.config);
  const runtime = new CpuRuntime(1);
  let compiled = 0;
  const compile = runtime.compile.bind(runtime);
  runtime.compile = async (graph) => {
    const program = await compile(graph);
    compiled++;
    return {
      run: (inputs) => program.run(inputs),
      release: () => {
        compiled--;
        return program.release();
      },
    };
  };
  const weights = new Weights(folder, architecture, runtime);
  const decoder = new Decoder(architecture, weights);
  const write = (texts: number) =>
    decoder.generate(
      Array.from({ length: texts }, () => [1, 5, 9]),
      { maxNewTokens: 4, decoding: GREEDY, seed: 1, endOfText: [], atEnd: 'forbid' },
    );
  const [first] = await write(1);
  for (let texts = 2; texts <= 12; texts++) expect((await write(texts)).at(-1)).toEqual(first);
  expect(compiled).toBeLessThanOrEqual(16);
  expect((await write(1))[0]).toEqual(first);
  await decoder.release();
  expect(compiled).toBe(0);
  await weights.release();
  await runtime.close();
  await folder.close();
});
