/** The files of a model that is too large to be made in memory: weights are written piece by piece, or left empty. */
import { copyFile, open, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { recognizeArchitecture } from '../../src-main/engine/architectures/recognize.ts';
import { elementCount, type Shape } from '../../src-main/engine/graph/value.ts';
import { allParameters, parameterLayout } from '../../src-main/engine/model/parameters.ts';
import { Random } from '../../src-main/engine/random.ts';

export interface LargeModelOptions {
  /** Folder whose tokenizer it gets. */
  readonly tokenizer: string;
  /** Weights are zero, and the disk does not hold them. */
  readonly sparse: boolean;
}

type Tensors = readonly (readonly [string, Shape])[];

const BYTES = Uint16Array.BYTES_PER_ELEMENT;
/** As large models are stored: about so much in a file. */
const SHARD_BYTES = 4e9;
/** Prime, so that no two rows of a matrix are alike. */
const RANDOM_NUMBERS = 4_000_037;
const SPREAD = 0.02;
const INDEX = 'model.safetensors.index.json';

/**
 * Writes a folder as Hugging Face has it, in bfloat16, if it is not there yet.
 * @returns bytes of all weights
 */
export async function writeLargeModel(
  folder: string,
  config: Readonly<Record<string, unknown>>,
  { tokenizer, sparse }: LargeModelOptions,
): Promise<number> {
  const tensors = [...allParameters(parameterLayout(recognizeArchitecture(config)))];
  const bytes = tensors.reduce((sum, [, shape]) => sum + bytesOf(shape), 0);
  if (await stat(path.join(folder, INDEX)).catch(() => undefined)) return bytes;
  const shards = inShards(tensors);
  const map: Record<string, string> = {};
  const random = new Random(1);
  const numbers = Uint16Array.from({ length: RANDOM_NUMBERS }, () => toBfloat16(random.normal() * SPREAD));
  for (const [index, shard] of shards.entries()) {
    const of = (number: number) => String(number).padStart(5, '0');
    const name = `model-${of(index + 1)}-of-${of(shards.length)}.safetensors`;
    for (const [tensor] of shard) map[tensor] = name;
    await writeShard(path.join(folder, name), shard, sparse ? undefined : numbers);
  }
  await writeFile(path.join(folder, 'config.json'), JSON.stringify(config));
  for (const name of ['tokenizer.json', 'tokenizer_config.json'])
    await copyFile(path.join(tokenizer, name), path.join(folder, name));
  await writeFile(path.join(folder, INDEX), JSON.stringify({ weight_map: map }));
  return bytes;
}

async function writeShard(file: string, tensors: Tensors, numbers: Uint16Array | undefined): Promise<void> {
  let end = 0;
  const entries = tensors.map(([name, shape]) => {
    const start = end;
    end += bytesOf(shape);
    return [name, { dtype: 'BF16', shape, data_offsets: [start, end] }];
  });
  const header = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const handle = await open(file, 'w');
  try {
    await handle.appendFile(Buffer.concat([length, header]));
    if (numbers === undefined) await handle.truncate(8 + header.length + end);
    for (const [, shape] of numbers === undefined ? [] : tensors) {
      const source = shape.length === 1 ? new Uint16Array(elementCount(shape)).fill(toBfloat16(1)) : numbers!;
      for (let left = elementCount(shape); left > 0; left -= source.length) {
        const count = Math.min(left, source.length);
        await handle.appendFile(new Uint8Array(source.buffer, 0, count * BYTES));
      }
    }
  } finally {
    await handle.close();
  }
}

function inShards(tensors: Tensors): Tensors[] {
  const shards: (readonly [string, Shape])[][] = [[]];
  let bytes = 0;
  for (const tensor of tensors) {
    if (bytes > 0 && bytes + bytesOf(tensor[1]) > SHARD_BYTES) {
      shards.push([]);
      bytes = 0;
    }
    shards.at(-1)!.push(tensor);
    bytes += bytesOf(tensor[1]);
  }
  return shards;
}

function bytesOf(shape: Shape): number {
  return elementCount(shape) * BYTES;
}

/** The upper half of a float32. */
function toBfloat16(number: number): number {
  return new Uint32Array(Float32Array.of(number).buffer)[0]! >>> 16;
}
