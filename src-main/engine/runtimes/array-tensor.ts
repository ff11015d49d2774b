/** A tensor whose numbers lie in a typed array. */
import type { DataType, Shape, TensorData } from '../graph/value.ts';
import type { DeviceTensor } from './runtime.ts';

export class ArrayTensor implements DeviceTensor {
  readonly data: TensorData;
  readonly shape: Shape;
  readonly type: DataType;
  #onRelease: (() => void) | undefined;

  /** @param onRelease is called once, however often the tensor is released */
  constructor(data: TensorData, shape: Shape, type: DataType, onRelease: () => void) {
    this.data = data;
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
