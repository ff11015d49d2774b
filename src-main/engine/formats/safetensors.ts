/**
 * Reading and writing safetensors files. Numbers are widened to float32 when read, exactly, in the place where they are
 * wanted. Reading and writing go in pieces: one call may not move 2 GiB, and a second copy of a model would not fit into
 * memory.
 */
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { LabError } from '../errors.ts';
import { elementCount } from '../graph/value.ts';
import { replaceFile } from './durable-files.ts';
import { MAX_HEADER_BYTES, parseHeader, refuse, type StoredType, TYPE_BYTES } from './safetensors-header.ts';

export interface TensorEntry {
  readonly name: string;
  readonly type: StoredType;
  readonly shape: readonly number[];
  /** The file, and the byte at which the tensor begins in it. */
  readonly path: string;
  readonly offset: number;
  readonly byteLength: number;
}

export interface TensorToWrite {
  readonly name: string;
  readonly shape: readonly number[];
  /** The numbers, or who gives them when their turn comes: then only one tensor's need be there at a time. */
  readonly data: Float32Array | (() => Promise<Float32Array>);
  /** How numbers are stored; float32 unless said otherwise. */
  readonly type?: FloatType;
}

export type FloatType = 'F32' | 'F16' | 'BF16';
export type FloatTensorEntry = TensorEntry & { readonly type: FloatType };

/** Before the header stands its length, a 64-bit little-endian integer. */
const LENGTH_BYTES = 8;
const PIECE_BYTES = 1 << 26;
/** Of rows read together: between two of them, and in all. */
const SPAN_GAP_BYTES = 1 << 15;
const SPAN_BYTES = 1 << 20;
const BFLOAT16_NAN = 0x7fc0;

/** An open file whose header is sound; close it after use. */
export class SafetensorsFile {
  readonly path: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  /** The header's text: what identifies the file's layout. */
  readonly headerText: string;
  readonly #handle: FileHandle;

  constructor(
    path: string,
    headerText: string,
    metadata: Readonly<Record<string, string>>,
    tensors: ReadonlyMap<string, TensorEntry>,
    handle: FileHandle,
  ) {
    this.path = path;
    this.headerText = headerText;
    this.metadata = metadata;
    this.tensors = tensors;
    this.#handle = handle;
  }

  /**
   * A tensor's numbers, row after row, widened to float32.
   * @param into filled and returned where given; it must have the tensor's size
   * @throws LabError 'missing-tensor'; 'bad-safetensors' for types other than F32, F16 and BF16; 'out-of-memory'
   */
  async readFloat32(name: string, into?: Float32Array): Promise<Float32Array> {
    const { type, offset, byteLength } = this.#numbersOf(name);
    const length = byteLength / TYPE_BYTES[type];
    const numbers = into ?? allocate(name, length);
    if (numbers.length !== length) {
      throw new LabError(
        'bad-argument',
        `The tensor "${name}" has ${length} numbers, not ${numbers.length}.`,
        {
          tensor: name,
        },
      );
    }
    await this.#fill(numbers, type, offset);
    return numbers;
  }

  /**
   * Some rows of a matrix, widened to float32. Rows that lie near each other are read together.
   * @param rows ascending
   * @param into begins with the rows afterwards, one after the other
   * @throws LabError as `readFloat32`
   */
  async readRows(name: string, rows: readonly number[], into: Float32Array): Promise<void> {
    const { type, offset, shape } = this.#numbersOf(name);
    const width = shape.at(-1)!;
    const rowBytes = width * TYPE_BYTES[type];
    for (let start = 0; start < rows.length; ) {
      const first = rows[start]!;
      const end = endOfSpan(rows, start, rowBytes);
      const span = new Float32Array((rows[end - 1]! - first + 1) * width);
      await this.#fill(span, type, offset + first * rowBytes);
      for (; start < end; start++) {
        const place = (rows[start]! - first) * width;
        into.set(span.subarray(place, place + width), start * width);
      }
    }
  }

  /**
   * Where others find the tensor's numbers, by a path without links; nowhere, once the file at the path is another.
   * @throws LabError as `readFloat32`
   */
  async place(name: string): Promise<FloatTensorEntry | undefined> {
    const entry = this.#numbersOf(name);
    const path = await realpath(this.path).catch(() => undefined);
    if (path === undefined) return undefined;
    const opened = await this.#handle.stat({ bigint: true });
    const found = await stat(path, { bigint: true }).catch(() => undefined);
    return found?.ino === opened.ino && found.dev === opened.dev ? { ...entry, path } : undefined;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  #numbersOf(name: string): FloatTensorEntry {
    const entry = this.tensors.get(name);
    if (entry === undefined)
      throw new LabError('missing-tensor', `${this.path} has no tensor "${name}".`, { tensor: name });
    const { type } = entry;
    if (isFloatType(type)) return { ...entry, type };
    throw new LabError(
      'bad-safetensors',
      `The tensor "${name}" is stored as ${type}; the lab reads F32, F16 and BF16 weights.`,
      { tensor: name, type },
    );
  }

  /** Narrower numbers are read into the end of where they go, and widened from the front. */
  async #fill(numbers: Float32Array, type: FloatType, offset: number): Promise<void> {
    const size = TYPE_BYTES[type];
    const pieceNumbers = PIECE_BYTES / size;
    for (let start = 0; start < numbers.length; start += pieceNumbers) {
      const piece = numbers.subarray(start, start + pieceNumbers);
      const length = piece.length * size;
      const stored = new Uint8Array(piece.buffer, piece.byteOffset + piece.byteLength - length, length);
      const { bytesRead } = await this.#handle.read(stored, 0, length, offset + start * size);
      if (bytesRead !== length) refuse(this.path, 'it became shorter while it was read');
      widen(piece, type);
    }
  }
}

/**
 * Opens a file and checks its header.
 * @throws LabError 'file-not-found'; 'bad-safetensors' for all that the format forbids
 */
export async function openSafetensors(path: string): Promise<SafetensorsFile> {
  const handle = await open(path, 'r').catch((cause: NodeJS.ErrnoException) => {
    throw new LabError(
      'file-not-found',
      `The file ${path} cannot be opened (${cause.code}).`,
      { path },
      { cause },
    );
  });
  try {
    const status = await handle.stat();
    const { size } = status;
    if (!status.isFile()) refuse(path, 'it is no file');
    if (size < LENGTH_BYTES) refuse(path, 'it has less than eight bytes');
    const lengthBytes = Buffer.alloc(LENGTH_BYTES);
    await handle.read(lengthBytes, 0, LENGTH_BYTES, 0);
    const length = lengthBytes.readBigUInt64LE();
    if (length > BigInt(MAX_HEADER_BYTES))
      refuse(path, `its header claims ${length} bytes, more than the format allows`);
    const dataStart = LENGTH_BYTES + Number(length);
    if (dataStart > size) refuse(path, 'it ends within its header. Download it again');
    const header = Buffer.alloc(Number(length));
    await handle.read(header, 0, header.length, LENGTH_BYTES);
    const text = decodeUtf8(header, path);
    const { metadata, entries } = parseHeader(text, size - dataStart, path);
    const tensors = new Map(
      entries.map(({ name, type, shape, start, byteLength }) => [
        name,
        { name, type, shape, path, offset: dataStart + start, byteLength },
      ]),
    );
    return new SafetensorsFile(path, text, metadata, tensors, handle);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/**
 * Writes a file as a whole, the tensors in the order given: see durable-files.ts.
 * @param metadata transformers wants `format` to be "pt"
 * @throws LabError 'disk-full'; 'bad-argument' where a name comes twice, or a shape does not fit its numbers
 */
export async function writeSafetensors(
  path: string,
  tensors: readonly TensorToWrite[],
  metadata: Readonly<Record<string, string>> = { format: 'pt' },
): Promise<void> {
  const header = Buffer.from(headerText(tensors, metadata));
  // Spaces bring the data to a multiple of eight bytes, so that files can be mapped into memory.
  const padded = Buffer.alloc(Math.ceil(header.length / LENGTH_BYTES) * LENGTH_BYTES, ' ');
  header.copy(padded);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeBigUInt64LE(BigInt(padded.length));
  const pieceNumbers = PIECE_BYTES / Float32Array.BYTES_PER_ELEMENT;
  await replaceFile(path, async (handle) => {
    await handle.appendFile(length);
    await handle.appendFile(padded);
    for (const tensor of tensors) {
      const { type = 'F32' } = tensor;
      const data = typeof tensor.data === 'function' ? await tensor.data() : tensor.data;
      checkLength(tensor, data);
      for (let start = 0; start < data.length; start += pieceNumbers) {
        await handle.appendFile(narrow(data.subarray(start, start + pieceNumbers), type));
      }
    }
  });
}

function headerText(tensors: readonly TensorToWrite[], metadata: Readonly<Record<string, string>>): string {
  const header = new Map<string, unknown>([['__metadata__', metadata]]);
  let end = 0;
  for (const tensor of tensors) {
    const { name, shape, data, type = 'F32' } = tensor;
    if (header.has(name))
      throw new LabError('bad-argument', `The tensor "${name}" cannot be written twice.`, { tensor: name });
    if (typeof data !== 'function') checkLength(tensor, data);
    const start = end;
    end += elementCount(shape) * TYPE_BYTES[type];
    header.set(name, { dtype: type, shape, data_offsets: [start, end] });
  }
  return JSON.stringify(Object.fromEntries(header));
}

function checkLength({ name, shape }: TensorToWrite, { length }: Float32Array): void {
  if (elementCount(shape) === length) return;
  throw new LabError(
    'bad-argument',
    `The tensor "${name}" of shape [${shape.join(', ')}] cannot be written from ${length} numbers.`,
    { tensor: name, shape },
  );
}

function isFloatType(type: StoredType): type is FloatType {
  return type === 'F32' || type === 'F16' || type === 'BF16';
}

function allocate(name: string, length: number): Float32Array {
  try {
    return new Float32Array(length);
  } catch (cause) {
    throw new LabError(
      'out-of-memory',
      `There is no memory for the tensor "${name}" of ${length} numbers. Close other programs, or choose a smaller model.`,
      { tensor: name, length },
      { cause },
    );
  }
}

function decodeUtf8(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return refuse(path, 'its header is not UTF-8 text');
  }
}

/**
 * Stored numbers (little-endian, as every machine the lab runs on) into float32. They fill the end of the array, so
 * none is written over before it was read.
 */
function widen(numbers: Float32Array, type: FloatType): void {
  const { buffer, byteOffset, length } = numbers;
  if (type === 'F32') return;
  if (type === 'F16') {
    const halves = new Float16Array(buffer as ArrayBuffer, byteOffset + 2 * length, length);
    for (let index = 0; index < length; index++) numbers[index] = halves[index]!;
    return;
  }
  // bfloat16 is the upper half of a float32.
  const halves = new Uint16Array(buffer, byteOffset + 2 * length, length);
  const bits = new Uint32Array(buffer, byteOffset, length);
  for (let index = 0; index < length; index++) bits[index] = halves[index]! << 16;
}

/** Where rows follow that are too far from those before, or too many to be read at once. */
function endOfSpan(rows: readonly number[], start: number, rowBytes: number): number {
  let end = start + 1;
  while (
    end < rows.length &&
    (rows[end]! - rows[end - 1]!) * rowBytes <= SPAN_GAP_BYTES &&
    (rows[end]! - rows[start]!) * rowBytes < SPAN_BYTES
  )
    end++;
  return end;
}

/** The numbers as stored; float32 is not copied. Half precision rounds to the nearest, ties to even. */
function narrow(numbers: Float32Array, type: FloatType): Uint8Array {
  if (type === 'F32') return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  if (type === 'F16') return new Uint8Array(new Float16Array(numbers).buffer);
  const bits = new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length);
  const halves = new Uint16Array(bits.length);
  for (let index = 0; index < bits.length; index++) {
    const number = bits[index]!;
    const rounded = (number + 0x7fff + ((number >>> 16) & 1)) >>> 16;
    // Rounding must not carry a NaN over into an infinity.
    halves[index] = Number.isNaN(numbers[index]) ? BFLOAT16_NAN : rounded;
  }
  return new Uint8Array(halves.buffer);
}
