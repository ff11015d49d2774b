/**
 * The header of a safetensors file (https://github.com/huggingface/safetensors): eight bytes of length, then JSON that
 * tells each tensor's type, shape and place. Everything the format forbids is refused, as a wrong header would have the
 * lab read numbers that are none.
 */
import { z } from 'zod';
import { LabError } from '../errors.ts';

/** The limit of the reference implementation. */
export const MAX_HEADER_BYTES = 100_000_000;
/** No model's tensor has more than five or so; a longer shape is a sign of damage. */
const MAX_AXES = 16;

/** Bytes of one number, by stored type. Types that share a byte between numbers (F4, F6) are not among them. */
export const TYPE_BYTES = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
  F8_E8M0: 1,
  F8_E4M3FNUZ: 1,
  F8_E5M2FNUZ: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
  C64: 8,
} as const;
export type StoredType = keyof typeof TYPE_BYTES;

export interface HeaderEntry {
  readonly name: string;
  readonly type: StoredType;
  readonly shape: readonly number[];
  /** Byte offset after the header. */
  readonly start: number;
  readonly byteLength: number;
}

export interface Header {
  readonly metadata: Readonly<Record<string, string>>;
  readonly entries: readonly HeaderEntry[];
}

const whole = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
const entrySchema = z.strictObject({
  dtype: z.string(),
  shape: z.array(whole).max(MAX_AXES),
  data_offsets: z.tuple([whole, whole]),
});
const metadataSchema = z.record(z.string(), z.string());

/**
 * The entries in the order of their bytes; together they cover the data without hole or overlap.
 *
 * @param text the JSON, without the length before it
 * @param dataBytes bytes that follow the header in the file
 * @param file named in errors
 * @throws LabError 'bad-safetensors'
 */
export function parseHeader(text: string, dataBytes: number, file: string): Header {
  if (!text.startsWith('{')) refuse(file, 'its header does not begin with "{"');
  const { __metadata__: metadata = {}, ...tensors } = parseJson(text, file);
  const known = metadataSchema.safeParse(metadata);
  if (!known.success) refuse(file, 'its metadata are not texts');
  const entries = Object.entries(tensors).map(([name, entry]) => readEntry(name, entry, file));
  entries.sort((first, second) => first.start - second.start || first.byteLength - second.byteLength);
  let end = 0;
  for (const { name, start, byteLength } of entries) {
    if (start < end) refuse(file, `the tensor "${name}" overlaps another`);
    if (start > end) refuse(file, `there is a hole before the tensor "${name}"`);
    end = start + byteLength;
  }
  if (end > dataBytes)
    refuse(file, `it is cut short: ${end - dataBytes} bytes are missing. Download it again`);
  if (end < dataBytes) refuse(file, `${dataBytes - end} bytes at its end belong to no tensor`);
  return { metadata: known.data, entries };
}

export function refuse(file: string, reason: string): never {
  throw new LabError('bad-safetensors', `${file} is not a valid safetensors file: ${reason}.`, {
    file,
    reason,
  });
}

function parseJson(text: string, file: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    refuse(file, 'its header is not valid JSON');
  }
  const duplicate = duplicateKey(text);
  if (duplicate !== undefined) refuse(file, `its header has the key "${duplicate}" twice`);
  return parsed as Record<string, unknown>;
}

function readEntry(name: string, entry: unknown, file: string): HeaderEntry {
  const result = entrySchema.safeParse(entry);
  if (!result.success) {
    const { path, message } = result.error.issues[0]!;
    const place = path.length === 0 ? '' : `${path.join('.')}: `;
    refuse(file, `the tensor "${name}" is described wrongly (${place}${message})`);
  }
  const { dtype, shape, data_offsets: offsets } = result.data;
  if (!isStoredType(dtype)) refuse(file, `the tensor "${name}" has the unknown type "${dtype}"`);
  const [start, end] = offsets;
  if (end < start) refuse(file, `the tensor "${name}" ends before it begins`);
  const byteLength = shape.reduce((product, size) => product * size, TYPE_BYTES[dtype]);
  if (end - start !== byteLength) {
    refuse(
      file,
      `the tensor "${name}" of type ${dtype} and shape [${shape.join(', ')}] needs ${byteLength} bytes, not ${end - start}`,
    );
  }
  return { name, type: dtype, shape, start, byteLength };
}

function isStoredType(type: string): type is StoredType {
  return Object.hasOwn(TYPE_BYTES, type);
}

/** A key that one object of this valid JSON has twice: JSON.parse would silently keep the last. */
function duplicateKey(text: string): string | undefined {
  const open: Set<string>[] = [];
  for (const [token] of text.matchAll(/"(?:[^"\\]+|\\.)*"\s*:?|[{}]/g)) {
    if (token === '{') open.push(new Set());
    else if (token === '}') open.pop();
    else if (token.endsWith(':')) {
      const key = JSON.parse(token.slice(0, -1)) as string;
      const keys = open.at(-1)!;
      if (keys.has(key)) return key;
      keys.add(key);
    }
  }
  return undefined;
}
