/** Rows and elements of matrices, by their numbers: taken out, put in, added to. */
import { elementCount, type Shape, type Value } from '../../../graph/value.ts';
import { BLOCK } from '../../quantize.ts';
import type { FixedForms } from '../fixed-forms.ts';
import { partsOf } from './fixed-constants.ts';
import type { OnnxWriter } from './onnx-writer.ts';

export function writeGatherRows(onnx: OnnxWriter, { inputs, shape }: Value, fixed: FixedForms): string {
  const [table, index] = inputs.map((operand) => onnx.nameOf(operand)) as [string, string];
  const quantized = fixed.get(table)?.table;
  if (quantized === undefined) return onnx.node('Gather', [table, index], { axis: 0 });
  const parts = partsOf(table, 'table');
  const [values, scales] = [parts.values, parts.scales].map((part) =>
    onnx.node('Gather', [part, index], { axis: 0 }),
  );
  const zero = onnx.constant(Float32Array.of(2 ** (quantized.bits - 1)), [], 'float32');
  const centred = onnx.node('Sub', [onnx.cast(values!, 'float32'), zero]);
  const numbers = onnx.node('Mul', [centred, scales!]);
  const padded = Math.ceil(quantized.columns / BLOCK) * BLOCK;
  const rows = onnx.reshape(numbers, [...inputs[1]!.shape, padded]);
  if (padded === quantized.columns) return rows;
  const bounds = [0, quantized.columns, shape.length - 1].map((number) => onnx.int64([number]));
  return onnx.node('Slice', [rows, ...bounds]);
}

export function writeScatterRows(onnx: OnnxWriter, value: Value): string {
  return scatterRows(onnx, value, zeros(onnx, value.shape), false);
}

/** A table, with the rows added to it that `value` scatters. */
export function writeAddRows(onnx: OnnxWriter, value: Value, table: string): string {
  return scatterRows(onnx, value, table, true);
}

/**
 * ScatterND's "add" races on the CPU where an index occurs twice. So the rows that share an index are summed first,
 * by a product with the matrix E[i, j] = (index i = index j); then every writer of a row writes the same numbers.
 */
function scatterRows(onnx: OnnxWriter, { inputs }: Value, table: string, keepsTable: boolean): string {
  const [index, updates] = inputs.map((operand) => onnx.nameOf(operand)) as [string, string];
  const count = elementCount(inputs[0]!.shape);
  const same = onnx.node('Equal', [onnx.reshape(index, [count, 1]), onnx.reshape(index, [1, count])]);
  const rows = [onnx.cast(same, 'float32'), updates];
  if (keepsTable) rows.push(onnx.node('Gather', [table, index], { axis: 0 }));
  const places = onnx.cast(onnx.reshape(index, [count, 1]), 'int64');
  return onnx.node('ScatterND', [table, places, onnx.node('Gemm', rows)]);
}

export function writePick(onnx: OnnxWriter, { inputs }: Value): string {
  const [matrix, index] = inputs as [Value, Value];
  return onnx.node('GatherElements', [onnx.nameOf(matrix), column(onnx, index)], { axis: 1 });
}

/** ScatterElements writes over the matrix where nothing else needs it; ScatterND always copies. */
export function writeAddAtPick(onnx: OnnxWriter, { inputs }: Value): string {
  const [matrix, , amount] = inputs.map((operand) => onnx.nameOf(operand)) as [string, string, string];
  const columns = column(onnx, inputs[1]!);
  const updated = onnx.node('Add', [onnx.node('GatherElements', [matrix, columns], { axis: 1 }), amount]);
  return onnx.node('ScatterElements', [matrix, columns, updated], { axis: 1 });
}

function zeros(onnx: OnnxWriter, shape: Shape): string {
  return onnx.node('Expand', [onnx.constant(Float32Array.of(0), [], 'float32'), onnx.sizes(shape)]);
}

/** An index [n] as int64 [n, 1]. */
function column(onnx: OnnxWriter, index: Value): string {
  return onnx.cast(onnx.reshape(onnx.nameOf(index), [elementCount(index.shape), 1]), 'int64');
}
