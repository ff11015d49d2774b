import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { recognizeArchitecture } from '../../src-main/engine/architectures/recognize.ts';
import { type ModelFolder, openModelFolder } from '../../src-main/engine/formats/model-folder.ts';
import { Decoder } from '../../src-main/engine/generation/decoder.ts';
import { GREEDY } from '../../src-main/engine/generation/decoding.ts';
import { Weights } from '../../src-main/engine/model/weights.ts';
import { CpuRuntime } from '../../src-main/engine/runtimes/onnxruntime/cpu-runtime.ts';
import { ROOT } from '../cli/run-lab.ts';
import { runProgram } from './child.ts';
import { writeGguf } from './gguf.ts';
import type { Precision } from './measurement.ts';
import { findLlamaCpp } from './node-llama-cpp.ts';

/** Of the largest number: what half precision rounds away from it, or from the scale of a block. */
const HALF_PRECISION = 1 / 2048;
const STARTER = path.join(ROOT, 'resources/starter-model');
let folder: string;
let model: ModelFolder;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'gguf-'));
  model = await openModelFolder(STARTER);
});
afterAll(async () => {
  await model.close();
  await rm(folder, { recursive: true });
});

async function write(precision: Precision): Promise<string> {
  const file = path.join(folder, `${precision}.gguf`);
  await writeGguf(file, model, precision);
  return file;
}

interface Found {
  readonly metadata: ReadonlyMap<string, unknown>;
  readonly tensors: ReadonlyMap<
    string,
    { readonly sizes: number[]; readonly type: number; readonly start: number }
  >;
  readonly bytes: DataView;
}

/** As the format's description has it, written without a look at the writer. */
async function readGguf(file: string): Promise<Found> {
  const buffer = await readFile(file);
  const bytes = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  let place = 0;
  const pass = (length: number) => {
    place += length;
    return place - length;
  };
  const u32 = () => bytes.getUint32(pass(4), true);
  const u64 = () => Number(bytes.getBigUint64(pass(8), true));
  const text = () => {
    const length = u64();
    const start = pass(length);
    return buffer.toString('utf8', start, start + length);
  };
  const value = (type: number): unknown => {
    if (type === 4) return u32();
    if (type === 5) return u32() | 0;
    if (type === 6) return bytes.getFloat32(pass(4), true);
    if (type === 8) return text();
    if (type !== 9) throw new Error(`The type ${type} is not expected here.`);
    const inner = u32();
    return Array.from({ length: u64() }, () => value(inner));
  };
  expect(buffer.toString('utf8', 0, 4)).toBe('GGUF');
  place = 4;
  expect(u32()).toBe(3);
  const [tensorCount, valueCount] = [u64(), u64()];
  const metadata = new Map(Array.from({ length: valueCount }, () => [text(), value(u32())] as const));
  const infos = Array.from({ length: tensorCount }, () => {
    const name = text();
    const sizes = Array.from({ length: u32() }, u64);
    return { name, sizes, type: u32(), offset: u64() };
  });
  const alignment = z.number().parse(metadata.get('general.alignment'));
  const data = Math.ceil(place / alignment) * alignment;
  for (const { offset } of infos) expect(offset % alignment).toBe(0);
  const tensors = new Map(
    infos.map(({ name, sizes, type, offset }) => [name, { sizes, type, start: data + offset }]),
  );
  return { metadata, tensors, bytes };
}

it('tells llama.cpp the sizes, and a token for each row of the embedding', async () => {
  const { metadata } = await readGguf(await write('float32'));
  expect(Object.fromEntries(metadata)).toMatchObject({
    'general.architecture': 'llama',
    'llama.block_count': 8,
    'llama.embedding_length': 128,
    'llama.attention.head_count': 4,
    'llama.attention.head_count_kv': 2,
    'llama.rope.dimension_count': 32,
  });
  for (const list of ['tokens', 'scores', 'token_type'])
    expect(metadata.get(`tokenizer.ggml.${list}`)).toHaveLength(2048);
  expect(new Set(z.array(z.string()).parse(metadata.get('tokenizer.ggml.tokens'))).size).toBe(2048);
});

it('stores every tensor once, its innermost size first, and no head where it is the embedding', async () => {
  const { tensors } = await readGguf(await write('float32'));
  expect(tensors.size).toBe(8 * 9 + 2);
  expect(tensors.get('token_embd.weight')!.sizes).toEqual([128, 2048]);
  expect(tensors.get('blk.7.ffn_down.weight')!.sizes).toEqual([352, 128]);
  expect(tensors.has('output.weight')).toBe(false);
});

it('leaves the numbers as they are, but for the rows of queries and keys, which llama.cpp has in pairs', async () => {
  const { tensors, bytes } = await readGguf(await write('float32'));
  const row = (name: string, index: number, width: number) =>
    Float32Array.from({ length: width }, (_, column) =>
      bytes.getFloat32(tensors.get(name)!.start + 4 * (index * width + column), true),
    );
  const stored = async (name: string, index: number, width: number) =>
    (await model.readFloat32(`model.layers.3.${name}.weight`)).subarray(index * width, (index + 1) * width);
  expect(row('blk.3.ffn_up.weight', 5, 128)).toEqual(await stored('mlp.up_proj', 5, 128));
  // A head has 32 rows here: its rows 0 and 16 turn together, and so do 1 and 17.
  for (const [place, source] of [
    [0, 0],
    [1, 16],
    [2, 1],
    [32 + 31, 32 + 31],
  ] as const)
    expect(row('blk.3.attn_k.weight', place, 128)).toEqual(await stored('self_attn.k_proj', source, 128));
});

it.each([
  ['float16', 1, 2 * 128, 0],
  ['8-bit', 8, 4 * 34, 1 / 254],
  ['4-bit', 2, 4 * 18, 1 / 8],
] as const)('rounds to %s, and keeps norms whole', async (precision, type, rowBytes, error) => {
  const { tensors, bytes } = await readGguf(await write(precision));
  const { start, ...tensor } = tensors.get('blk.0.ffn_gate.weight')!;
  expect(tensor.type).toBe(type);
  expect(tensors.get('blk.0.ffn_norm.weight')!.type).toBe(0);
  const numbers = await model.readFloat32('model.layers.0.mlp.gate_proj.weight');
  const row = numbers.subarray(128, 256);
  for (let first = 0; first < row.length; first += 32) {
    const block = row.subarray(first, first + 32);
    const largest = Math.max(...block.map(Math.abs));
    for (const [index, number] of block.entries()) {
      const read = readNumber(bytes, precision, start + rowBytes, first + index);
      expect(Math.abs(read - number)).toBeLessThanOrEqual(largest * (error + HALF_PRECISION));
    }
  }
});

function readNumber(bytes: DataView, precision: Precision, row: number, column: number): number {
  if (precision === 'float16') return bytes.getFloat16(row + 2 * column, true);
  const [block, index] = [Math.floor(column / 32), column % 32];
  if (precision === '8-bit') {
    const start = row + block * 34;
    return bytes.getFloat16(start, true) * bytes.getInt8(start + 2 + index);
  }
  const start = row + block * 18;
  const pair = bytes.getUint8(start + 2 + (index % 16));
  return bytes.getFloat16(start, true) * ((index < 16 ? pair & 15 : pair >> 4) - 8);
}

it('refuses rows that do not fall into blocks', async () => {
  const narrow = await openModelFolder(path.join(ROOT, 'tests/golden/fixtures/llama'));
  try {
    const writing = writeGguf(path.join(folder, 'narrow.gguf'), narrow, '8-bit');
    await expect(writing).rejects.toThrow(/hold 44 numbers, which do not fall into blocks of 32/);
  } finally {
    await narrow.close();
  }
});

// npm run bench -- --install gets node-llama-cpp.
const llamaCpp = findLlamaCpp();
it.skipIf(llamaCpp === undefined)('makes llama.cpp write what the lab writes, token by token', async () => {
  const prompts = [
    [5, 6, 7, 100, 200],
    [9, 10, 11],
    [300, 301, 302, 303, 304, 305, 306],
  ];
  const newTokens = 24;
  const asked = {
    ...{ kind: 'decode', file: await write('float32'), threads: 1, flashAttention: false },
    ...{ prompts, promptTokens: 0, newTokens, repeats: 1 },
  };
  const words = [path.join(import.meta.dirname, 'llama-cpp.ts'), JSON.stringify(asked), llamaCpp!];
  const output = await runProgram(process.execPath, words, new AbortController().signal);
  const { texts } = z
    .object({ texts: z.array(z.array(z.number())) })
    .parse(JSON.parse(output.trimEnd().split('\n').at(-1)!));
  const architecture = recognizeArchitecture(model.config);
  const decoder = new Decoder(architecture, new Weights(model, architecture, new CpuRuntime(1)));
  const ours = await decoder.generate(prompts, {
    ...{ maxNewTokens: newTokens, decoding: GREEDY, seed: 1, endOfText: [], atEnd: 'forbid' },
  });
  expect(texts).toEqual(ours);
});
