import { cp, mkdir, mkdtemp, rename, rm, symlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ModelReader } from '../analysis/model-reader.ts';
import { recognizeArchitecture } from '../architectures/recognize.ts';
import { readAdapter } from '../formats/adapter.ts';
import { openModelFolder } from '../formats/model-folder.ts';
import { writeSafetensors } from '../formats/safetensors.ts';
import { elementCount } from '../graph/value.ts';
import { adapterOverlay, releaseOverlay } from '../model/overlay.ts';
import { Weights } from '../model/weights.ts';
import { CpuRuntime } from '../runtimes/onnxruntime/cpu-runtime.ts';
import { ReferenceRuntime } from '../runtimes/reference/reference-runtime.ts';
import { TensorFlowRuntime } from '../runtimes/tensorflow/tensorflow-runtime.ts';
import { TfjsLibrary } from '../runtimes/tensorflow/tfjs-library.ts';
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
  // As a runtime does that has a program for each shape.
  Object.defineProperty(runtime, 'takesOpenSizes', { value: false });
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

describe('a decoder with weights of its own', () => {
  async function open() {
    const folder = await openModelFolder(MODEL);
    const architecture = recognizeArchitecture(folder.config);
    const runtime = new CpuRuntime(1);
    const weights = new Weights(folder, architecture, runtime);
    const [own, shared] = [new Decoder(architecture, weights, 'float32'), new Decoder(architecture, weights)];
    return { folder, architecture, runtime, weights, own, shared };
  }
  const prompts = [[1, 5, 9], [2], [3, 4, 5, 6, 7, 8, 9, 10], [11, 12]];
  const settings = { maxNewTokens: 12, decoding: GREEDY, seed: 1, endOfText: [], atEnd: 'forbid' } as const;

  it('writes what one with shared weights does, with an adapter, without, and with it again', async () => {
    const { folder, architecture, runtime, own, shared } = await open();
    const adapter = adapterOverlay(await readAdapter(`${MODEL}/adapter`), architecture, runtime);
    const plain = await shared.generate(prompts, settings);
    const adapted = await shared.generate(prompts, { ...settings, overlay: adapter });
    expect(adapted).not.toEqual(plain);
    for (const [overlay, expected] of [
      [undefined, plain],
      [adapter, adapted],
      [undefined, plain],
      [adapter, adapted],
    ] as const)
      expect(await own.generate(prompts, overlay ? { ...settings, overlay } : settings)).toEqual(expected);
    releaseOverlay(adapter);
    await own.release();
    await folder.close();
  });

  it('writes the same when texts end at different times and leave the batch', async () => {
    const { folder, own } = await open();
    const full = await own.generate(prompts, settings);
    const ends = [0, 1, 2].map((text) => full[text]![2 + text]!);
    const stopped = await own.generate(prompts, { ...settings, endOfText: ends, atEnd: 'stop' });
    for (const [place, text] of stopped.entries()) {
      const end = full[place]!.findIndex((token) => ends.includes(token));
      expect(text).toEqual(end === -1 ? full[place] : full[place]!.slice(0, end));
    }
    expect(new Set(stopped.map(({ length }) => length)).size).toBeGreaterThan(1);
    await own.release();
    await folder.close();
  });

  it('holds the weights once, in the program alone', async () => {
    const { folder, runtime, weights, own } = await open();
    const bytes = [...weights.shapes.values()].reduce((sum, shape) => sum + 4 * elementCount(shape), 0);
    await own.generate(prompts, settings);
    expect(runtime.memoryUsed()).toBe(bytes);
    await own.release();
    expect(runtime.memoryUsed()).toBe(0);
    await folder.close();
  });
});

describe('a decoder with weights in whole numbers', () => {
  const STARTER = path.join(import.meta.dirname, '../../../resources/starter-model');
  const settings = { maxNewTokens: 24, decoding: GREEDY, seed: 1, endOfText: [], atEnd: 'forbid' } as const;
  const prompts = [
    [1, 40, 60, 80],
    [1, 300, 200],
    [1, 77],
    [1, 500, 400, 300, 200, 100],
  ];

  it('writes nearly as with full weights, and takes less memory', async () => {
    const folder = await openModelFolder(STARTER);
    const architecture = recognizeArchitecture(folder.config);
    const shares: Record<string, number> = {};
    const bytes: Record<string, number> = {};
    let full: number[][] = [];
    for (const precision of ['float32', '8-bit', '4-bit'] as const) {
      const runtime = new CpuRuntime(1);
      const decoder = new Decoder(architecture, new Weights(folder, architecture, runtime), precision);
      const texts = await decoder.generate(prompts, settings);
      if (precision === 'float32') full = texts;
      const same = texts.flatMap((text, place) => text.filter((token, at) => token === full[place]![at]));
      shares[precision] = same.length / full.flat().length;
      bytes[precision] = runtime.memoryUsed();
      await decoder.release();
    }
    await folder.close();
    expect(shares['8-bit']).toBeGreaterThan(0.6);
    expect(bytes['8-bit']).toBeLessThan(0.32 * bytes.float32!);
    expect(bytes['4-bit']).toBeLessThan(bytes['8-bit']!);
  });

  it('is refused by a runtime that has full weights only', async () => {
    const folder = await openModelFolder(MODEL);
    const architecture = recognizeArchitecture(folder.config);
    const weights = new Weights(folder, architecture, new ReferenceRuntime());
    expect(() => new Decoder(architecture, weights, '4-bit')).toThrow(
      'full weights only, not with 4-bit ones',
    );
    await folder.close();
  });
});

it.each([
  ['float32', new CpuRuntime(1)],
  ['shared', new CpuRuntime(1)],
  ['shared', new TensorFlowRuntime(new TfjsLibrary())],
] as const)('gives the logits that a reader of the model gives (%s)', async (use, runtime) => {
  const folder = await openModelFolder(MODEL);
  const architecture = recognizeArchitecture(folder.config);
  const weights = new Weights(folder, architecture, runtime);
  const [reader, decoder] = [new ModelReader(architecture, weights), new Decoder(architecture, weights, use)];
  const tokens = [1, 5, 9, 30, 2, 17, 4];
  const expected: number[][] = [];
  await reader.eachLogits(await reader.final(tokens), (logits) => expected.push([...logits]));
  const places: number[] = [];
  await decoder.eachLogits(tokens, { from: 2 }, (logits, place) => {
    places.push(place);
    for (const [token, logit] of logits.entries()) expect(logit).toBeCloseTo(expected[place]![token]!, 4);
  });
  expect(places).toEqual([2, 3, 4, 5, 6]);
  await expect(decoder.eachLogits([], {}, () => {})).rejects.toMatchObject({ code: 'bad-argument' });
  await Promise.all([reader.release(), decoder.release()]);
  await folder.close();
});

describe('a decoder that computes with the weights as files have them', () => {
  const FIXTURES = path.dirname(MODEL);
  const settings = { maxNewTokens: 12, decoding: GREEDY, seed: 1, endOfText: [], atEnd: 'forbid' } as const;

  async function emptyFolder(): Promise<string> {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'decoder-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    return folder;
  }

  /** What a decoder of its own writes, with the weights as files have them or with numbers that were read from them. */
  async function write(model: string, from: 'files' | 'numbers', beforeIt = async () => {}) {
    const folder = await openModelFolder(model);
    const architecture = recognizeArchitecture(folder.config);
    const reads: string[] = [];
    const readFloat32 = (name: string, into: Float32Array) => {
      reads.push(name);
      return folder.readFloat32(name, into);
    };
    const source = {
      ...{ tensors: folder.tensors, readFloat32, readRows: folder.readRows },
      ...(from === 'files' && { place: folder.place }),
    };
    const decoder = new Decoder(
      architecture,
      new Weights(source, architecture, new CpuRuntime(1)),
      'float32',
    );
    await beforeIt();
    const logits: number[] = [];
    await decoder.eachLogits([1, 5, 9, 14], {}, (row) => void logits.push(...row));
    const texts = await decoder.generate([[1, 5, 9], [2]], settings);
    await decoder.release();
    await folder.close();
    return { written: { texts, logits }, reads: reads.length };
  }

  async function expectFromFiles(model: string): Promise<void> {
    const [fromFiles, fromNumbers] = [await write(model, 'files'), await write(model, 'numbers')];
    expect(fromFiles.reads).toBe(0);
    expect(fromNumbers.reads).toBeGreaterThan(20);
    expect(fromFiles.written).toEqual(fromNumbers.written);
  }

  it.each(['F32', 'F16', 'BF16'] as const)('has the logits that read %s weights give', async (type) => {
    const model = await emptyFolder();
    const original = await openModelFolder(MODEL);
    const tensors = [...original.tensors.values()].map(({ name, shape }) => ({
      ...{ name, shape, type },
      data: () => original.readFloat32(name),
    }));
    await writeSafetensors(path.join(model, 'model.safetensors'), tensors);
    await original.close();
    await cp(path.join(MODEL, 'config.json'), path.join(model, 'config.json'));
    await expectFromFiles(model);
  });

  it('finds them in shards, and behind links to files of other names, as the Hugging Face cache has them', async () => {
    await expectFromFiles(path.join(FIXTURES, 'llama-sharded'));
    const [cache, blobs] = [await emptyFolder(), 'blöbs'];
    await mkdir(path.join(cache, blobs));
    const snapshot = path.join(cache, 'snapshots', 'ab12');
    await cp(path.join(FIXTURES, 'llama-sharded'), snapshot, { recursive: true });
    for (const shard of [1, 2, 3]) {
      const name = path.join(snapshot, `model-0000${shard}-of-00003.safetensors`);
      await rename(name, path.join(cache, blobs, `${shard}f3c`));
      await symlink(path.join('..', '..', blobs, `${shard}f3c`), name);
    }
    await expectFromFiles(snapshot);
  });

  it('reads them itself where they lie in several folders', async () => {
    const model = await emptyFolder();
    await cp(path.join(FIXTURES, 'llama-sharded'), model, { recursive: true });
    const [name, elsewhere] = ['model-00002-of-00003.safetensors', path.join(model, 'elsewhere')];
    await mkdir(elsewhere);
    await rename(path.join(model, name), path.join(elsewhere, name));
    await symlink(path.join(elsewhere, name), path.join(model, name));
    const { written, reads } = await write(model, 'files');
    expect(reads).toBeGreaterThan(20);
    expect(written).toEqual((await write(model, 'numbers')).written);
  });

  it('goes on with the files that it opened when others take their place or they are deleted', async () => {
    const model = await emptyFolder();
    await cp(MODEL, model, { recursive: true });
    const file = path.join(model, 'model.safetensors');
    const { written } = await write(model, 'files');
    const replace = async () => {
      const folder = await openModelFolder(model);
      const [first] = [...folder.tensors.values()];
      await folder.close();
      await writeSafetensors(file, [
        { ...first!, type: 'F32', data: new Float32Array(elementCount(first!.shape)) },
      ]);
    };
    expect((await write(model, 'files', replace)).written).toEqual(written);
    await cp(path.join(MODEL, 'model.safetensors'), file);
    expect((await write(model, 'files', () => rm(file))).written).toEqual(written);
  });
});
