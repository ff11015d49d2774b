/**
 * Writes a Llama as llama.cpp reads it: one GGUF file (version 3, github.com/ggml-org/ggml/blob/master/docs/gguf.md) with sizes,
 * a vocabulary, and tensors under llama.cpp's names. Matrices are stored in the precision that is asked for, norms always
 * in float32. The vocabulary only has the right number of tokens: what is measured goes in and out as token ids.
 */
import { type FileHandle, open, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { type ModelFolder, openModelFolder } from '../../src-main/engine/formats/model-folder.ts';
import { elementCount, type Shape } from '../../src-main/engine/graph/value.ts';
import { type GgufBlock, packNumbers } from './gguf-precision.ts';
import type { Precision } from './measurement.ts';

const ALIGNMENT = 32;
const VERSION = 3;
/** Numbers of GGUF's types of values. */
const TYPE = { uint32: 4, int32: 5, float32: 6, string: 8, array: 9 } as const;
/** Kinds of tokens, as sentencepiece has them. */
const TOKEN = { normal: 1, unknown: 2, control: 3, byte: 6 } as const;

const configSchema = z.object({
  model_type: z.literal('llama'),
  hidden_size: z.number(),
  intermediate_size: z.number(),
  num_hidden_layers: z.number(),
  num_attention_heads: z.number(),
  num_key_value_heads: z.number(),
  vocab_size: z.number(),
  max_position_embeddings: z.number(),
  rms_norm_eps: z.number(),
  rope_theta: z.number(),
  rope_scaling: z.null().optional(),
  tie_word_embeddings: z.boolean(),
});
type Config = z.infer<typeof configSchema>;

type Value =
  | { readonly type: 'uint32'; readonly value: number }
  | { readonly type: 'float32'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'strings'; readonly value: readonly string[] }
  | { readonly type: 'float32s'; readonly value: readonly number[] }
  | { readonly type: 'int32s'; readonly value: readonly number[] };

interface Tensor {
  readonly name: string;
  readonly shape: Shape;
  readonly block: GgufBlock;
  readonly read: () => Promise<Float32Array>;
}

/** The model of a folder in one precision, beside its other files; it is written if it is not there. */
export async function ggufFile(folder: string, precision: Precision): Promise<string> {
  const file = path.join(folder, `${precision}.gguf`);
  if (await stat(file).catch(() => undefined)) return file;
  const model = await openModelFolder(folder);
  try {
    await writeGguf(file, model, precision);
  } finally {
    await model.close();
  }
  return file;
}

/** Tensors are read and written one after the other. The folder must hold a Llama without scaling of its positions. */
export async function writeGguf(file: string, model: ModelFolder, precision: Precision): Promise<void> {
  const config = configSchema.parse(model.config);
  const tensors = [...model.tensors.keys()].flatMap((name) => tensorOf(name, model, config, precision));
  const unfinished = `${file}.tmp`;
  const handle = await open(unfinished, 'w');
  try {
    const header = headerOf(metadataOf(config, packNumbers[precision].fileType), tensors);
    await handle.appendFile(header);
    await pad(handle, header.length);
    for (const { read, block } of tensors) {
      const bytes = block.pack(await read());
      await handle.appendFile(bytes);
      await pad(handle, bytes.length);
    }
  } finally {
    await handle.close();
  }
  await rename(unfinished, file);
}

function metadataOf(config: Config, fileType: number): ReadonlyMap<string, Value> {
  const whole = (value: number): Value => ({ type: 'uint32', value });
  const text = (value: string): Value => ({ type: 'string', value });
  const vocabulary = vocabularyOf(config.vocab_size);
  return new Map<string, Value>([
    ['general.architecture', text('llama')],
    ['general.name', text('bench')],
    ['general.alignment', whole(ALIGNMENT)],
    ['general.file_type', whole(fileType)],
    ['llama.block_count', whole(config.num_hidden_layers)],
    ['llama.context_length', whole(config.max_position_embeddings)],
    ['llama.embedding_length', whole(config.hidden_size)],
    ['llama.feed_forward_length', whole(config.intermediate_size)],
    ['llama.attention.head_count', whole(config.num_attention_heads)],
    ['llama.attention.head_count_kv', whole(config.num_key_value_heads)],
    ['llama.attention.layer_norm_rms_epsilon', { type: 'float32', value: config.rms_norm_eps }],
    ['llama.rope.dimension_count', whole(config.hidden_size / config.num_attention_heads)],
    ['llama.rope.freq_base', { type: 'float32', value: config.rope_theta }],
    ['llama.vocab_size', whole(config.vocab_size)],
    ['tokenizer.ggml.model', text('llama')],
    ['tokenizer.ggml.tokens', { type: 'strings', value: vocabulary.map(({ text: token }) => token) }],
    ['tokenizer.ggml.scores', { type: 'float32s', value: vocabulary.map((_, index) => -index) }],
    ['tokenizer.ggml.token_type', { type: 'int32s', value: vocabulary.map(({ kind }) => kind) }],
    ['tokenizer.ggml.unknown_token_id', whole(0)],
    ['tokenizer.ggml.bos_token_id', whole(1)],
    ['tokenizer.ggml.eos_token_id', whole(2)],
  ]);
}

/** As many tokens as the model has: three special ones, the 256 bytes that llama.cpp asks for, and names. */
function vocabularyOf(size: number): { readonly text: string; readonly kind: number }[] {
  const special = [
    { text: '<unk>', kind: TOKEN.unknown },
    { text: '<s>', kind: TOKEN.control },
    { text: '</s>', kind: TOKEN.control },
  ];
  return Array.from({ length: size }, (_, index) => {
    const byte = index - special.length;
    if (byte < 0) return special[index]!;
    if (byte >= 256) return { text: `token${index}`, kind: TOKEN.normal };
    return { text: `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`, kind: TOKEN.byte };
  });
}

const NAMES: Readonly<Record<string, string>> = {
  'model.embed_tokens.weight': 'token_embd.weight',
  'model.norm.weight': 'output_norm.weight',
  'lm_head.weight': 'output.weight',
};
const BLOCK_NAMES: Readonly<Record<string, string>> = {
  input_layernorm: 'attn_norm',
  'self_attn.q_proj': 'attn_q',
  'self_attn.k_proj': 'attn_k',
  'self_attn.v_proj': 'attn_v',
  'self_attn.o_proj': 'attn_output',
  post_attention_layernorm: 'ffn_norm',
  'mlp.gate_proj': 'ffn_gate',
  'mlp.up_proj': 'ffn_up',
  'mlp.down_proj': 'ffn_down',
};
const BLOCK_TENSOR = /^model\.layers\.(\d+)\.(.+)\.weight$/;

/** None for a head that is stored beside the embedding that it is. */
function tensorOf(name: string, model: ModelFolder, config: Config, precision: Precision): Tensor[] {
  if (name === 'lm_head.weight' && config.tie_word_embeddings) return [];
  const { shape } = model.tensors.get(name)!;
  const block = packNumbers[shape.length === 1 ? 'float32' : precision].block;
  const [, index, module = ''] = BLOCK_TENSOR.exec(name) ?? [];
  const known =
    index === undefined ? NAMES[name] : BLOCK_NAMES[module] && `blk.${index}.${BLOCK_NAMES[module]}.weight`;
  if (shape.at(-1)! % block.numbers !== 0)
    throw new Error(
      `Rows of "${name}" hold ${shape.at(-1)} numbers, which do not fall into blocks of ${block.numbers}.`,
    );
  if (known === undefined) throw new Error(`llama.cpp's Llama has no place for the tensor "${name}".`);
  const heads =
    module === 'self_attn.q_proj'
      ? config.num_attention_heads
      : module === 'self_attn.k_proj'
        ? config.num_key_value_heads
        : undefined;
  const read = async () => {
    const numbers = await model.readFloat32(name);
    return heads === undefined ? numbers : interleaveHalves(numbers, shape, heads);
  };
  return [{ name: known, shape, block, read }];
}

/**
 * Hugging Face rotates row i of a head together with row i + half, llama.cpp rows 2·i and 2·i + 1: so the rows of the
 * queries' and keys' matrices are put into that order.
 */
function interleaveHalves(numbers: Float32Array, [rows, width]: Shape, heads: number): Float32Array {
  const headRows = rows! / heads;
  const half = headRows / 2;
  const result = new Float32Array(numbers.length);
  for (let row = 0; row < rows!; row++) {
    const [start, place] = [row - (row % headRows), row % headRows];
    const source = start + (place % 2) * half + (place >> 1);
    result.set(numbers.subarray(source * width!, (source + 1) * width!), row * width!);
  }
  return result;
}

function headerOf(metadata: ReadonlyMap<string, Value>, tensors: readonly Tensor[]): Buffer {
  const bytes = new HeaderBytes();
  bytes.text('GGUF');
  bytes.uint32(VERSION);
  bytes.uint64(tensors.length);
  bytes.uint64(metadata.size);
  for (const [key, value] of metadata) {
    bytes.string(key);
    bytes.value(value);
  }
  let offset = 0;
  for (const { name, shape, block } of tensors) {
    bytes.string(name);
    bytes.uint32(shape.length);
    // The innermost size first.
    for (const size of shape.toReversed()) bytes.uint64(size);
    bytes.uint32(block.type);
    bytes.uint64(offset);
    const length = (elementCount(shape) / block.numbers) * block.bytes;
    offset += length + paddingAfter(length);
  }
  return bytes.joined();
}

/** Little-endian, as the format is. */
class HeaderBytes {
  readonly #parts: Buffer[] = [];

  text(text: string): void {
    this.#parts.push(Buffer.from(text));
  }

  uint32(value: number): void {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    this.#parts.push(bytes);
  }

  uint64(value: number): void {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(value));
    this.#parts.push(bytes);
  }

  string(text: string): void {
    this.uint64(Buffer.byteLength(text));
    this.text(text);
  }

  value(given: Value): void {
    if (given.type === 'uint32') {
      this.uint32(TYPE.uint32);
      this.uint32(given.value);
    } else if (given.type === 'float32') {
      this.uint32(TYPE.float32);
      this.#numbers(Float32Array.of(given.value));
    } else if (given.type === 'string') {
      this.uint32(TYPE.string);
      this.string(given.value);
    } else if (given.type === 'strings') {
      this.#array('string', given.value.length);
      for (const text of given.value) this.string(text);
    } else if (given.type === 'float32s') {
      this.#array('float32', given.value.length);
      this.#numbers(Float32Array.from(given.value));
    } else {
      this.#array('int32', given.value.length);
      this.#numbers(Int32Array.from(given.value));
    }
  }

  joined(): Buffer {
    return Buffer.concat(this.#parts);
  }

  #array(type: keyof typeof TYPE, length: number): void {
    this.uint32(TYPE.array);
    this.uint32(TYPE[type]);
    this.uint64(length);
  }

  #numbers(numbers: Float32Array | Int32Array): void {
    this.#parts.push(Buffer.from(numbers.buffer));
  }
}

function paddingAfter(length: number): number {
  return (ALIGNMENT - (length % ALIGNMENT)) % ALIGNMENT;
}

async function pad(handle: FileHandle, length: number): Promise<void> {
  await handle.appendFile(Buffer.alloc(paddingAfter(length)));
}
