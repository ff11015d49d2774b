/**
 * The forms in which a session holds its fixed inputs. Of those that are to take less room, a matrix that others are
 * multiplied with is kept in whole numbers, and a table that rows are taken of in 8 bits: fewer would gain little, as few rows are read.
 */
import path from 'node:path';
import { TYPE_BYTES } from '../../formats/safetensors-header.ts';
import { type Graph, topologicalOrder } from '../../graph/graph.ts';
import { elementCount, type Value } from '../../graph/value.ts';
import { type QuantizedMatrix, quantize } from '../quantize.ts';
import type { FixedInputs, StoredNumbers } from '../runtime.ts';

export interface FixedForm {
  /** As it is, in a file that onnxruntime reads it from: then nothing of it is in memory twice. */
  readonly stored?: StoredNumbers | undefined;
  /** As it is, for whatever has no form of its own below. */
  readonly numbers?: Float32Array | undefined;
  /** As the second operand of products, a row for each column of the result. */
  readonly product?: QuantizedMatrix | undefined;
  readonly table?: QuantizedMatrix | undefined;
}
export type FixedForms = ReadonlyMap<string, FixedForm>;

/** @param graph already optimized */
export async function readForms(graph: Graph, fixed: FixedInputs): Promise<FixedForms> {
  const stored = await storedTogether(fixed);
  if (stored) return stored;
  const order = topologicalOrder([...graph.outputs.values()]);
  const forms = new Map<string, FixedForm>();
  for (const [name, { read, precision }] of fixed) {
    const input = graph.inputs.get(name)!;
    const numbers = new Float32Array(elementCount(input.shape));
    await read(numbers);
    const bits = { float32: undefined, '8-bit': 8, '4-bit': 4 } as const;
    forms.set(name, formOf(input, order, numbers, bits[precision]));
  }
  return forms;
}

/** The folder of the files that forms are stored in. */
export function folderOf(forms: FixedForms): string | undefined {
  const [first] = [...forms.values()].flatMap(({ stored }) => stored ?? []);
  return first && path.dirname(first.path);
}

/** All as files have them, where onnxruntime can read them there: it looks in one folder, and maps files into memory. */
async function storedTogether(fixed: FixedInputs): Promise<FixedForms | undefined> {
  const forms = new Map<string, FixedForm>();
  for (const [name, { precision, place }] of fixed) {
    const stored = precision === 'float32' ? await place?.() : undefined;
    if (stored === undefined || stored.offset % TYPE_BYTES[stored.type] !== 0) return undefined;
    forms.set(name, { stored });
  }
  const folders = new Set([...forms.values()].map(({ stored }) => path.dirname(stored!.path)));
  return folders.size === 1 ? forms : undefined;
}

/** That a session holds of it. */
export function bytesOf({ stored, numbers, product, table }: FixedForm): number {
  if (stored) return (stored.byteLength / TYPE_BYTES[stored.type]) * Float32Array.BYTES_PER_ELEMENT;
  const quantized = [...new Set([product, table])].flatMap((matrix) =>
    matrix ? [matrix.values, matrix.scales] : [],
  );
  return [...quantized, ...(numbers ? [numbers] : [])].reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** Whether the value is the product with a matrix that is quantized. */
export function quantizedFactor(
  { operation, inputs }: Value,
  forms: FixedForms,
): QuantizedMatrix | undefined {
  const factor = inputs[1]?.operation;
  return operation.kind === 'matmul' && factor?.kind === 'input'
    ? forms.get(factor.name)?.product
    : undefined;
}

function formOf(
  input: Value,
  order: readonly Value[],
  numbers: Float32Array,
  bits: 4 | 8 | undefined,
): FixedForm {
  const readers = order.filter(({ inputs }) => inputs.includes(input));
  const products = readers.filter((reader) => isProduct(reader, input));
  const tables = readers.filter(
    ({ operation, inputs }) => operation.kind === 'gatherRows' && inputs[0] === input,
  );
  const [transposed] = products.map(({ operation }) => operation.kind === 'matmul' && operation.transposeB);
  const isKnown = products.length + tables.length === readers.length;
  if (bits === undefined || !isKnown || input.shape.length !== 2) return { numbers };
  const [rows, columns] = input.shape as [number, number];
  const inRows = (room: 4 | 8) => quantize(numbers, { rows, columns, bits: room });
  const product =
    products.length === 0
      ? undefined
      : transposed
        ? inRows(bits)
        : quantize(numbers, { rows: columns, columns: rows, bits, byColumn: true });
  if (tables.length === 0) return { product };
  return { product, table: product && transposed && bits === 8 ? product : inRows(8) };
}

function isProduct({ operation, inputs }: Value, factor: Value): boolean {
  return (
    operation.kind === 'matmul' &&
    !operation.transposeA &&
    inputs[1] === factor &&
    inputs[0]!.shape.length === 2
  );
}
