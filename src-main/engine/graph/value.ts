/**
 * The graph's vocabulary: a `Value` is a tensor that will exist when the graph runs, with its shape and type known
 * now. A value knows the operation and the values it comes from, so a graph is simply what can be reached from its
 * outputs. Operations say *what* is computed (mathematics); each runtime decides *how*.
 */
import { LabError } from '../errors.ts';

export type DataType = 'float32' | 'int32';
export type Shape = readonly number[];
export type TensorData = Float32Array | Int32Array;

/** Operations without attributes that map one tensor, element by element. */
export type UnaryKind = 'negate' | 'exp' | 'log' | 'sqrt' | 'tanh' | 'sigmoid';
/** Element-wise operations on two tensors, broadcast as in NumPy. */
export type BinaryKind = 'add' | 'subtract' | 'multiply' | 'divide';

export interface AttentionSettings {
  /** Factor on the products of queries and keys. */
  readonly scale: number;
  /** A token sees only this many tokens, itself included. */
  readonly slidingWindow?: number | undefined;
  /** Scores are c·tanh(scores / c) where given (Gemma 2, arXiv 2408.00118). */
  readonly softCap?: number | undefined;
}

export type Operation =
  | { readonly kind: 'input'; readonly name: string }
  | { readonly kind: 'constant'; readonly data: TensorData }
  | { readonly kind: UnaryKind }
  | { readonly kind: BinaryKind }
  /** 1 where two int32 tensors are equal, else 0 (float32). */
  | { readonly kind: 'equal' }
  /** 1 where the first of two int32 tensors is at most the second, else 0 (float32). */
  | { readonly kind: 'lessOrEqual' }
  /** Matrix product over the last two axes; the others broadcast. */
  | { readonly kind: 'matmul'; readonly transposeA: boolean; readonly transposeB: boolean }
  | { readonly kind: 'reshape' }
  | { readonly kind: 'transpose'; readonly permutation: readonly number[] }
  | { readonly kind: 'broadcast' }
  | { readonly kind: 'slice'; readonly axis: number; readonly start: number; readonly end: number }
  /** Zeros before and after along one axis; the gradient of `slice`. */
  | { readonly kind: 'pad'; readonly axis: number; readonly before: number; readonly after: number }
  | { readonly kind: 'concat'; readonly axis: number }
  /** Sum and maximum keep the reduced axes, with size 1. */
  | { readonly kind: 'sum'; readonly axes: readonly number[] }
  | { readonly kind: 'max'; readonly axis: number }
  /** Index of the largest element of the last axis (int32, axis dropped; the first one on ties). */
  | { readonly kind: 'argMax' }
  | { readonly kind: 'softmax' }
  /** Rows of a table [rows, width] by int32 index. */
  | { readonly kind: 'gatherRows' }
  /** (index [n], updates [n, width]) → [rows, width]: row r is the sum of the updates whose index is r. */
  | { readonly kind: 'scatterRows'; readonly rows: number }
  /** A cache of keys or values with new tokens in it; see `writeTokens` in cache-ops.ts. */
  | { readonly kind: 'writeTokens' }
  /** What new tokens see of a cache; see `cachedAttention` in cache-ops.ts. */
  | ({ readonly kind: 'cachedAttention' } & AttentionSettings)
  /** (matrix [n, width], index [n]) → [n, 1]: one element of each row. */
  | { readonly kind: 'pick' }
  /** (matrix [n, width], index [n], amount, one number) → the matrix with the amount added at one element of each row. */
  | { readonly kind: 'addAtPick' }
  /** x / √(mean(x²) + ε) over the last axis. */
  | { readonly kind: 'rmsNormalize'; readonly epsilon: number }
  /** 1 / √(mean(x²) + ε) over the last axis, which is kept with size 1. */
  | { readonly kind: 'inverseRms'; readonly epsilon: number }
  /** Rotary position embedding; see `rotary` in ops.ts. */
  | { readonly kind: 'rotary' }
  /** (x, others…): x, but not before the others are computed; see after.ts. */
  | { readonly kind: 'after' }
  /** (value, x…, ∂value/∂x…): passes the scalar on and carries its gradients, which were computed with it. */
  | { readonly kind: 'withGradient'; readonly variables: number };

export type OperationKind = Operation['kind'];

export class Value {
  readonly operation: Operation;
  readonly inputs: readonly Value[];
  readonly shape: Shape;
  readonly type: DataType;

  constructor(operation: Operation, inputs: readonly Value[], shape: Shape, type: DataType = 'float32') {
    this.operation = operation;
    this.inputs = inputs;
    this.shape = shape;
    this.type = type;
  }
}

/** Number of elements of a tensor of this shape. */
export function elementCount(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** The shape with another size along one axis. */
export function withAxis(shape: Shape, axis: number, size: number): Shape {
  return shape.map((old, index) => (index === axis ? size : old));
}

export function sameShape(first: Shape, second: Shape): boolean {
  return first.length === second.length && first.every((size, axis) => size === second[axis]);
}

export function showShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** Throws the error of an operation whose operands do not fit: it names the operation and the shapes. */
export function shapeError(kind: OperationKind, operands: readonly Value[], reason: string): never {
  const shapes = operands.map((operand) => showShape(operand.shape));
  throw new LabError('graph-shape', `${kind} cannot take ${shapes.join(' and ')}: ${reason}.`, {
    operation: kind,
    shapes: operands.map((operand) => operand.shape),
  });
}
