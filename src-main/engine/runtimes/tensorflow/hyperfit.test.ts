/** Hyperfitting of the model that comes with the lab, on onnxruntime and on TensorFlow. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { recognizeArchitecture } from '../../architectures/recognize.ts';
import { openModelFolder } from '../../formats/model-folder.ts';
import { Decoder } from '../../generation/decoder.ts';
import { Weights } from '../../model/weights.ts';
import { readDocuments } from '../../text/documents/documents.ts';
import { loadTokenizer } from '../../text/tokenizer.ts';
import { hyperfit } from '../../training/hyperfit.ts';
import { findRecipe, settingsFor } from '../../training/recipe.ts';
import { RunFolder } from '../../training/run-folder.ts';
import { CpuRuntime } from '../onnxruntime/cpu-runtime.ts';
import type { Runtime } from '../runtime.ts';
import { openNativeLibrary } from './native-library.ts';
import { packHere, whyNoPack } from './pack.suite.ts';
import { TensorFlowRuntime } from './tensorflow-runtime.ts';

const RESOURCES = path.join(import.meta.dirname, '../../../../resources');
const MODEL = path.join(RESOURCES, 'starter-model');
const recipe = {
  ...settingsFor(findRecipe('try-it-now'), 'last:5'),
  ...{ epochs: 1, batch: 2, windowLength: 64, samples: 1, promptTokens: 8, sampleTokens: 8 },
};
const WINDOWS = 24;

const title = 'follows the losses of onnxruntime over the first epoch of the bundled model';
const pack = packHere;
if (pack === undefined) it.skip(`${title}: ${whyNoPack}`, () => {});
else {
  it(title, async () => {
    const expected = await firstEpoch(new CpuRuntime());
    const actual = await firstEpoch(new TensorFlowRuntime(openNativeLibrary(pack)));
    expect(actual.length).toBe(WINDOWS / recipe.batch);
    for (const [step, loss] of actual.entries()) expect(Math.abs(loss - expected[step]!)).toBeLessThan(1e-3);
    expect(actual.at(-1)).toBeLessThan(actual[0]!);
  });
}

/** Loss of every step. */
async function firstEpoch(runtime: Runtime): Promise<number[]> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'hyperfit-'));
  const model = await openModelFolder(MODEL);
  try {
    const architecture = recognizeArchitecture(model.config);
    const weights = new Weights(model, architecture, runtime);
    const tokenizer = await loadTokenizer(MODEL, architecture.geometry.vocabularySize);
    const { documents } = await readDocuments(path.join(RESOURCES, 'samples/sea-stories.txt'));
    const tokens = documents.flatMap(({ text }) => [...tokenizer.encode(text)]);
    const windows = Array.from({ length: WINDOWS + 2 }, (_, window) =>
      Int32Array.from(tokens.slice(window * recipe.windowLength, (window + 1) * recipe.windowLength)),
    );
    const runFolder = await RunFolder.create(path.join(folder, 'run'), {
      version: 1,
      created: '2026-01-01T00:00:00Z',
      model: MODEL,
      fingerprint: model.fingerprint,
      data: 'sea-stories.txt',
      windowsHash: '',
      runtime: runtime.name,
      recipeName: null,
      recipe,
    });
    await hyperfit({
      architecture,
      weights,
      decoder: new Decoder(architecture, weights),
      train: windows.slice(0, WINDOWS),
      heldOut: windows.slice(WINDOWS),
      decode: (written) => tokenizer.decode(written),
      endOfText: [],
      folder: runFolder,
      resume: false,
      writeTrained: async () => {},
    });
    return (await runFolder.readSteps()).map(({ loss }) => loss);
  } finally {
    await model.close();
    await runtime.close();
    await rm(folder, { recursive: true });
  }
}
