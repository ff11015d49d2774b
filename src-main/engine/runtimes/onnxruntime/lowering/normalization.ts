/** Root-mean-square normalization. On the CPU the normalized rows and 1/RMS come of one pass, whoever asks for which. */
import type { Value } from '../../../graph/value.ts';
import type { OnnxWriter } from './onnx-writer.ts';

interface Normalized {
  readonly normalized: string;
  readonly inverseRms: string;
}

export class Normalizations {
  readonly #onnx: OnnxWriter;
  /** By the name of what is normalized. */
  readonly #written = new Map<string, Normalized>();

  constructor(onnx: OnnxWriter) {
    this.#onnx = onnx;
  }

  normalized(operand: Value, epsilon: number): string {
    return this.#write(operand, epsilon).normalized;
  }

  inverseRms(operand: Value, epsilon: number): string {
    const onnx = this.#onnx;
    if (onnx.provider === 'cpu') return this.#write(operand, epsilon).inverseRms;
    const x = onnx.nameOf(operand);
    const mean = onnx.node('ReduceMean', [onnx.node('Mul', [x, x])], { axes: [-1], keepdims: 1 });
    const shifted = onnx.node('Add', [mean, onnx.constant(Float32Array.of(epsilon), [], 'float32')]);
    return onnx.node('Reciprocal', [onnx.node('Sqrt', [shifted])]);
  }

  /** SimplifiedLayerNormalization with a gain of one. */
  #write(operand: Value, epsilon: number): Normalized {
    const onnx = this.#onnx;
    const x = onnx.nameOf(operand);
    const key = `${x} ${epsilon}`;
    const known = this.#written.get(key);
    if (known) return known;
    const width = operand.shape.at(-1)!;
    const gain = onnx.constant(new Float32Array(width).fill(1), [width], 'float32');
    const names = { normalized: onnx.newName(), inverseRms: onnx.newName() };
    onnx.nodes.push({
      opType: 'SimplifiedLayerNormalization',
      domain: '',
      inputs: [x, gain],
      outputs: onnx.provider === 'cpu' ? Object.values(names) : [names.normalized],
      attributes: { axis: -1, epsilon: { float: epsilon }, stash_type: 1 },
    });
    this.#written.set(key, names);
    return names;
  }
}
