/** Products of matrices: with whole numbers where a factor is kept in these, and with what is transposed as the provider can. */
import type { Shape, Value } from '../../../graph/value.ts';
import { BLOCK, type QuantizedMatrix } from '../../quantize.ts';
import { type FixedForms, quantizedFactor } from '../fixed-forms.ts';
import { partsOf } from './fixed-constants.ts';
import { MICROSOFT, type OnnxWriter } from './onnx-writer.ts';

export function isGemm({ inputs }: Value): boolean {
  return inputs.every(({ shape }) => shape.length === 2);
}

export function writeProduct(
  onnx: OnnxWriter,
  value: Value,
  flags: { readonly transposeA: boolean; readonly transposeB: boolean },
  fixed: FixedForms,
): string {
  const [a, b] = value.inputs.map((operand) => onnx.nameOf(operand)) as [string, string];
  const [shapeA, shapeB] = value.inputs.map((operand) => operand.shape) as [Shape, Shape];
  const quantized = quantizedFactor(value, fixed);
  if (quantized) return quantizedProduct(onnx, a, b, quantized);
  const transA = Number(flags.transposeA);
  const transB = Number(flags.transposeB);
  if (isGemm(value)) return onnx.node('Gemm', [a, b], { transA, transB });
  if (transA + transB === 0) return onnx.node('MatMul', [a, b]);
  if (onnx.provider === 'cpu') return onnx.node('FusedMatMul', [a, b], { transA, transB }, MICROSOFT);
  const swapped = (name: string, shape: Shape) => {
    const axes = shape.map((_, axis) => axis);
    return onnx.node('Transpose', [name], { perm: [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!] });
  };
  return onnx.node('MatMul', [transA ? swapped(a, shapeA) : a, transB ? swapped(b, shapeB) : b]);
}

/** The factor's numbers are made of whole ones as they are needed; x is rounded to 8 bits by blocks too, for speed. */
function quantizedProduct(
  onnx: OnnxWriter,
  x: string,
  factor: string,
  { rows, columns, bits }: QuantizedMatrix,
): string {
  const { values, scales } = partsOf(factor, 'product');
  const attributes = { K: columns, N: rows, bits, block_size: BLOCK, accuracy_level: 4 };
  return onnx.node('MatMulNBits', [x, values, scales], attributes, MICROSOFT);
}
