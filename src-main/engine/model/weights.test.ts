import path from 'node:path';
import { expect, it } from 'vitest';
import { recognizeArchitecture } from '../architectures/recognize.ts';
import { openModelFolder } from '../formats/model-folder.ts';
import { ReferenceRuntime } from '../runtimes/reference/reference-runtime.ts';
import { type WeightSource, Weights } from './weights.ts';

const FIXTURES = path.join(import.meta.dirname, '../../../tests/golden/fixtures');

it.each([
  ['gpt2', 'transformer.'],
  ['llama', 'model.'],
])('finds the weights of %s in files that leave out "%s"', async (name, prefix) => {
  const folder = await openModelFolder(path.join(FIXTURES, name));
  const architecture = recognizeArchitecture(folder.config);
  const short = (stored: string) => stored.replace(prefix, '');
  const full = new Map([...folder.tensors.keys()].map((stored) => [short(stored), stored]));
  const bare: WeightSource = {
    tensors: new Map([...folder.tensors].map(([stored, entry]) => [short(stored), entry])),
    readFloat32: (stored, into) => folder.readFloat32(full.get(stored)!, into),
    readRows: (stored, rows, into) => folder.readRows(full.get(stored)!, rows, into),
  };
  const runtime = new ReferenceRuntime();
  const [expected, found] = [
    new Weights(folder, architecture, runtime),
    new Weights(bare, architecture, runtime),
  ];
  for (const parameter of expected.shapes.keys()) {
    const numbers = async (weights: Weights) => (await weights.tensor(parameter)).read();
    expect(await numbers(found)).toEqual(await numbers(expected));
  }
  await folder.close();
});
