/**
 * Models of random weights as files: a Hugging Face folder in bfloat16, as models are given out, a shard for each block.
 * Each is made once, in .cache/bench-models. How long a model computes does not depend on its numbers.
 */
import { mkdir, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { recognizeArchitecture } from '../../src-main/engine/architectures/recognize.ts';
import { writeSafetensors } from '../../src-main/engine/formats/safetensors.ts';
import { elementCount, type Shape } from '../../src-main/engine/graph/value.ts';
import { parameterLayout } from '../../src-main/engine/model/parameters.ts';
import { Random } from '../../src-main/engine/random.ts';
import { ROOT } from '../cli/run-lab.ts';
import type { LlamaSize } from './measurement.ts';

const RANDOM_MODELS = path.join(ROOT, '.cache', 'bench-models');
/** Prime, so that no two rows of a matrix are alike. */
const RANDOM_NUMBERS = 1_000_003;
/** Uniform up to this: a standard deviation of 0.02, as models begin with. */
const LARGEST = 0.035;

/** Where a model of this size lies. */
export function randomModelFolder(size: LlamaSize): string {
  const { width, feedForward, blocks, heads, keyValueHeads, vocabulary, tied, context } = size;
  const name = [
    `${blocks}x${width}`,
    feedForward,
    `${heads}-${keyValueHeads}`,
    `v${vocabulary}`,
    `c${context}`,
  ];
  return path.join(RANDOM_MODELS, `llama-${name.join('-')}${tied ? '-tied' : ''}`);
}

/** @returns its folder, which is made if it is not there */
export function makeRandomModel(size: LlamaSize, signal?: AbortSignal): Promise<string> {
  const random = new Random(1);
  const numbers = Float32Array.from({ length: RANDOM_NUMBERS }, () => (2 * random.uniform() - 1) * LARGEST);
  const weight = (shape: Shape) => {
    const data = new Float32Array(elementCount(shape));
    if (shape.length === 1) return data.fill(1);
    // Each matrix begins elsewhere, so that no two are alike.
    for (let start = -random.below(RANDOM_NUMBERS); start < data.length; start += RANDOM_NUMBERS)
      data.set(numbers.subarray(Math.max(0, -start), data.length - start), Math.max(0, start));
    return data;
  };
  const write = (file: string, part: Part) =>
    writeSafetensors(
      file,
      [...part].map(([name, shape]) => ({ name, shape, data: weight(shape), type: 'BF16' })),
    );
  return makeModel(randomModelFolder(size), size, write, signal);
}

/** One whose weights are all zero, and take no room on the disk; it takes as much memory, and as long. */
export function makeEmptyModel(size: LlamaSize, signal?: AbortSignal): Promise<string> {
  return makeModel(`${randomModelFolder(size)}-empty`, size, writeEmpty, signal);
}

/** Weights of a shard. */
type Part = ReadonlyMap<string, Shape>;

async function makeModel(
  folder: string,
  size: LlamaSize,
  write: (file: string, part: Part) => Promise<void>,
  signal?: AbortSignal,
): Promise<string> {
  if (await stat(folder).catch(() => undefined)) return folder;
  const unfinished = `${folder}.tmp`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  const config = configOf(size);
  const { embedding, blocks, head } = parameterLayout(recognizeArchitecture(config));
  const outer = [...head].filter(([name]) => !embedding.has(name));
  const parts = [embedding, ...blocks, new Map(outer)];
  const shardOf: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    signal?.throwIfAborted();
    const shard = `model-${numbered(index + 1)}-of-${numbered(parts.length)}.safetensors`;
    for (const name of part.keys()) shardOf[name] = shard;
    await write(path.join(unfinished, shard), part);
  }
  const index = { metadata: {}, weight_map: shardOf };
  await writeFile(path.join(unfinished, 'model.safetensors.index.json'), JSON.stringify(index, null, 2));
  await writeFile(path.join(unfinished, 'config.json'), JSON.stringify(config, null, 2));
  await rename(unfinished, folder);
  return folder;
}

/** A safetensors file whose numbers are a hole. */
async function writeEmpty(file: string, part: Part): Promise<void> {
  let end = 0;
  const entries = [...part].map(([name, shape]) => {
    const start = end;
    end += elementCount(shape) * Uint16Array.BYTES_PER_ELEMENT;
    return [name, { dtype: 'BF16', shape, data_offsets: [start, end] }];
  });
  const header = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  await writeFile(file, Buffer.concat([length, header]));
  await truncate(file, length.length + header.length + end);
}

function configOf(size: LlamaSize): Readonly<Record<string, unknown>> {
  return {
    ...{
      architectures: ['LlamaForCausalLM'],
      model_type: 'llama',
      hidden_act: 'silu',
      torch_dtype: 'bfloat16',
    },
    ...{ hidden_size: size.width, intermediate_size: size.feedForward, num_hidden_layers: size.blocks },
    num_attention_heads: size.heads,
    num_key_value_heads: size.keyValueHeads,
    vocab_size: size.vocabulary,
    max_position_embeddings: size.context,
    rms_norm_eps: 1e-5,
    rope_theta: 10_000,
    tie_word_embeddings: size.tied,
    // Without an end token every text has its full length.
    ...{ bos_token_id: null, eos_token_id: null },
  };
}

function numbered(index: number): string {
  return String(index).padStart(5, '0');
}
