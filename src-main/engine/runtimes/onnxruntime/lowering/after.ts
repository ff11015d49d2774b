/**
 * onnxruntime computes in what order it likes as long as every operand is there. So x is made to need the others: a zero
 * of each goes into it. On the processor it goes into x's shape, as a reshape keeps the memory: what comes next may write
 * over it. A graphics card would have to be waited for until a shape is known: there it is added to the numbers.
 */
import { elementCount, type Value } from '../../../graph/value.ts';
import type { OnnxWriter } from './onnx-writer.ts';

export function writeAfter(onnx: OnnxWriter, { inputs, shape, type }: Value): string {
  const [x, ...others] = inputs as [Value, ...Value[]];
  if (onnx.provider === 'cpu') {
    const sizes = others.reduce(
      (sum, other) => onnx.node('Add', [sum, zeroOf(other, 'int64')]),
      onnx.sizes(shape),
    );
    const name = onnx.node('Reshape', [onnx.nameOf(x), sizes]);
    onnx.stated.push({ name, type, shape });
    return name;
  }
  return others.reduce((sum, other) => {
    const zero = onnx.reshape(zeroOf(other, 'float32'), []);
    return onnx.node('Add', [sum, zero]);
  }, onnx.nameOf(x));

  /** No number is greater than itself, and neither is one that is none. */
  function zeroOf(other: Value, type: 'int64' | 'float32'): string {
    const flat = onnx.reshape(onnx.nameOf(other), [elementCount(other.shape)]);
    const first = onnx.node('Slice', [flat, ...[[0], [1], [0]].map((place) => onnx.int64(place))]);
    return onnx.cast(onnx.node('Greater', [first, first]), type);
  }
}
