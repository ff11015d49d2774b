/**
 * The operations of lowering.ts in plain JavaScript, by tfjs and its "cpu" backend: the same program gives its numbers
 * without anything native, so tests hold TensorFlow's runtime against the definition of the graph on every computer.
 */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type { Shape, TensorData } from '../../graph/value.ts';
import type { Attributes, Handle, Operator, TensorLibrary } from './library.ts';

type Compute = (inputs: readonly tf.Tensor[], attributes: Attributes) => tf.Tensor;

const OPERATIONS: Readonly<Record<string, Compute>> = {
  Neg: ([x]) => tf.neg(x!),
  Exp: ([x]) => tf.exp(x!),
  Log: ([x]) => tf.log(x!),
  Sqrt: ([x]) => tf.sqrt(x!),
  Rsqrt: ([x]) => tf.rsqrt(x!),
  Square: ([x]) => tf.square(x!),
  Tanh: ([x]) => tf.tanh(x!),
  Sigmoid: ([x]) => tf.sigmoid(x!),
  AddV2: ([x, y]) => tf.add(x!, y!),
  Sub: ([x, y]) => tf.sub(x!, y!),
  Mul: ([x, y]) => tf.mul(x!, y!),
  RealDiv: ([x, y]) => tf.div(x!, y!),
  Equal: ([x, y]) => tf.equal(x!, y!),
  LessEqual: ([x, y]) => tf.lessEqual(x!, y!),
  Cast: ([x], { DstT }) => tf.cast(x!, DstT as 'float32'),
  Identity: ([x]) => tf.clone(x!),
  DeepCopy: ([x]) => copy(x!),
  MatMul: ([x, y], { transpose_a, transpose_b }) =>
    tf.matMul(x!, y!, transpose_a as boolean, transpose_b as boolean),
  BatchMatMulV2: ([x, y], { adj_x, adj_y }) => tf.matMul(x!, y!, adj_x as boolean, adj_y as boolean),
  Reshape: ([x, shape]) => tf.reshape(x!, integers(shape!)),
  Transpose: ([x, permutation]) => tf.transpose(x!, integers(permutation!)),
  BroadcastTo: ([x, shape]) => tf.broadcastTo(x!, integers(shape!)),
  Fill: ([shape, number]) => tf.fill(integers(shape!), number!.dataSync()[0]!),
  Slice: ([x, begin, size]) => tf.slice(x!, integers(begin!), integers(size!)),
  Pad: ([x, sizes]) => tf.pad(x!, (sizes as tf.Tensor2D).arraySync() as [number, number][]),
  ConcatV2: (inputs) => tf.concat(inputs.slice(0, -1), integer(inputs.at(-1)!)),
  Roll: ([x, shift, axis]) => {
    const place = (integer(axis!) + x!.rank) % x!.rank;
    const first = x!.shape[place]! - integer(shift!);
    const parts = tf.split(x!, [first, integer(shift!)], place);
    return tf.concat(parts.reverse(), place);
  },
  Sum: ([x, axes]) => tf.sum(x!, integers(axes!), true),
  Mean: ([x, axes]) => tf.mean(x!, integers(axes!), true),
  Max: ([x, axes]) => tf.max(x!, integers(axes!), true),
  ArgMax: ([x, axis]) => tf.argMax(x!, integer(axis!)),
  Softmax: ([x]) => tf.softmax(x!),
  GatherV2: ([table, index, axis], { batch_dims }) =>
    tf.gather(table!, index!, integer(axis!), batch_dims as number),
  TensorScatterUpdate: ([table, index, updates]) => tf.tensorScatterUpdate(copy(table!), index!, updates!),
  TensorScatterAdd: ([table, index, updates]) =>
    tf.add(table!, tf.scatterND(index as tf.Tensor, updates!, table!.shape)),
  // tfjs has no operations in place: what they replace is not needed any more.
  InplaceUpdate: ([table, index, updates]) => tf.tensorScatterUpdate(copy(table!), column(index!), updates!),
  InplaceAdd: ([table, index, updates]) =>
    tf.add(table!, tf.scatterND(column(index!), updates!, table!.shape)),
};

export class TfjsLibrary implements TensorLibrary {
  readonly description = 'tfjs (plain JavaScript)';
  readonly hasVariables = false;
  readonly #tensors = new Map<Handle, tf.Tensor>();
  #next = 0;

  create(data: TensorData, shape: Shape, type: 'float32' | 'int32'): Handle {
    return this.#hold(tf.tensor(data, [...shape], type));
  }

  prepare(operation: string, attributes: Attributes): Operator {
    const compute = OPERATIONS[operation];
    if (compute === undefined) throw new Error(`tfjs does not know how to compute ${operation}`);
    return (inputs) => {
      const operands = inputs.map((input) => this.#tensors.get(input)!);
      return [this.#hold(tf.tidy(() => compute(operands, attributes)))];
    };
  }

  read(tensor: Handle): TensorData {
    return this.#tensors.get(tensor)!.dataSync<'float32' | 'int32'>();
  }

  delete(tensor: Handle): void {
    this.#tensors.get(tensor)!.dispose();
    this.#tensors.delete(tensor);
  }

  tensorCount(): number {
    return tf.memory().numTensors;
  }

  #hold(tensor: tf.Tensor): Handle {
    this.#tensors.set(this.#next, tensor);
    return this.#next++;
  }
}

function integers(tensor: tf.Tensor): number[] {
  return [...tensor.dataSync()];
}

function integer(tensor: tf.Tensor): number {
  return tensor.dataSync()[0]!;
}

/** Its memory is its own: tfjs 4.22's tensorScatterUpdate writes over its operand, whatever else shows the same memory. */
function copy(x: tf.Tensor): tf.Tensor {
  return tf.tensor(x.dataSync().slice(), x.shape, x.dtype);
}

function column(index: tf.Tensor): tf.Tensor {
  return tf.reshape(index, [index.size, 1]);
}
