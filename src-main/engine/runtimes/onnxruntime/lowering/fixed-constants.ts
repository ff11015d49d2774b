/** Fixed inputs as constants of the ONNX model: in files that are there, or handed over beside it. */
import path from 'node:path';
import type { Shape } from '../../../graph/value.ts';
import { BLOCK } from '../../quantize.ts';
import type { FixedForm } from '../fixed-forms.ts';
import { ELEMENT_TYPE, type OnnxInitializer, type OnnxNode } from '../onnx-format.ts';

/** Names of a quantized matrix's parts. */
export const partsOf = (name: string, form: 'product' | 'table') => ({
  values: `${name} (${form}, values)`,
  scales: `${name} (${form}, scales)`,
});

export interface Constants {
  readonly initializers: readonly OnnxInitializer[];
  /** What makes float32 of numbers that are stored in half of that: onnxruntime does it once. */
  readonly widening: readonly OnnxNode[];
  /** What is handed over, by name. */
  readonly beside: ReadonlyMap<string, Uint8Array>;
}

const STORED_TYPES = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' } as const;

export function constantsOf(name: string, form: FixedForm, shape: Shape): Constants {
  const { stored, numbers } = form;
  const initializers: OnnxInitializer[] = [];
  const widening: OnnxNode[] = [];
  const beside = new Map<string, Uint8Array>();
  if (stored) {
    const { path: file, offset, byteLength, type } = stored;
    const place = { location: path.basename(file), offset, length: byteLength };
    const as = type === 'F32' ? name : `${name} (${type})`;
    initializers.push({ name: as, type: STORED_TYPES[type], shape, content: place });
    const attributes = { to: ELEMENT_TYPE.float32 };
    if (type !== 'F32')
      widening.push({ opType: 'Cast', domain: '', inputs: [as], outputs: [name], attributes });
  }
  const add = (data: Float32Array | Uint8Array, part: string, partShape: Shape) => {
    const type = data instanceof Uint8Array ? 'uint8' : 'float32';
    const place = { location: part, offset: 0, length: data.byteLength };
    initializers.push({ name: part, type, shape: partShape, content: place });
    beside.set(part, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  };
  if (numbers) add(numbers, name, shape);
  for (const kind of ['product', 'table'] as const) {
    const matrix = form[kind];
    if (!matrix) continue;
    const { rows, columns, bits, values, scales } = matrix;
    const blocks = Math.ceil(columns / BLOCK);
    const parts = partsOf(name, kind);
    add(values, parts.values, [rows, blocks, (BLOCK * bits) / 8]);
    // Of a product they are looked up in a row, of a table together with the block's numbers.
    add(scales, parts.scales, kind === 'product' ? [rows * blocks] : [rows, blocks, 1]);
  }
  return { initializers, widening, beside };
}
