/** A tensor in a typed array, which onnxruntime reads and writes in place. */
import ort from 'onnxruntime-node';
import type { DataType, Shape, TensorData } from '../../graph/value.ts';
import type { DeviceTensor } from '../runtime.ts';

export class CpuTensor implements DeviceTensor {
  readonly native: ort.Tensor;
  readonly data: TensorData;
  readonly shape: Shape;
  readonly type: DataType;
  #onRelease: (() => void) | undefined;

  constructor(buffer: ArrayBuffer, shape: Shape, type: DataType, onRelease: () => void) {
    this.data = type === 'int32' ? new Int32Array(buffer) : new Float32Array(buffer);
    this.native = new ort.Tensor(type, this.data, shape);
    this.shape = shape;
    this.type = type;
    this.#onRelease = onRelease;
  }

  get bytes(): number {
    return this.data.byteLength;
  }

  async read(): Promise<TensorData> {
    return this.data;
  }

  release(): void {
    this.#onRelease?.();
    this.#onRelease = undefined;
  }
}
