/** A tensor in a typed array, which onnxruntime reads and writes in place. */
import ort from 'onnxruntime-node';
import type { DataType, Shape } from '../../graph/value.ts';
import { ArrayTensor } from '../array-tensor.ts';

export class CpuTensor extends ArrayTensor {
  readonly native: ort.Tensor;

  constructor(buffer: ArrayBuffer, shape: Shape, type: DataType, onRelease: () => void) {
    super(type === 'int32' ? new Int32Array(buffer) : new Float32Array(buffer), shape, type, onRelease);
    this.native = new ort.Tensor(type, this.data, shape);
  }
}
