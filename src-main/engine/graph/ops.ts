/**
 * The operations as functions from values to values. Each checks its operands and infers the result's shape and type,
 * so a mistake in a model is found where the graph is built, with the operation and the shapes named.
 */
import { axisSize, broadcastShape, requireFloat, requireRowIndex } from './operand-checks.ts';
import {
  type BinaryKind,
  type DataType,
  elementCount,
  type Shape,
  sameShape,
  shapeError,
  type TensorData,
  type UnaryKind,
  Value,
  withAxis,
} from './value.ts';

export function input(name: string, shape: Shape, type: DataType = 'float32'): Value {
  return new Value({ kind: 'input', name }, [], shape, type);
}

export function constant(data: TensorData, shape: Shape): Value {
  const value = new Value(
    { kind: 'constant', data },
    [],
    shape,
    data instanceof Int32Array ? 'int32' : 'float32',
  );
  if (data.length !== elementCount(shape))
    shapeError('constant', [value], `there are ${data.length} numbers`);
  return value;
}

export function scalar(number: number): Value {
  return constant(Float32Array.of(number), []);
}

export function zeros(shape: Shape): Value {
  return broadcast(scalar(0), shape);
}

const unary = (kind: UnaryKind) => (x: Value) => {
  requireFloat(kind, [x]);
  return new Value({ kind }, [x], x.shape);
};
export const negate = unary('negate');
export const exp = unary('exp');
export const log = unary('log');
export const sqrt = unary('sqrt');
export const tanh = unary('tanh');
export const sigmoid = unary('sigmoid');

type Operand = Value | number;
const asValue = (operand: Operand) => (typeof operand === 'number' ? scalar(operand) : operand);

const binary = (kind: BinaryKind) => (first: Operand, second: Operand) => {
  const operands = [asValue(first), asValue(second)] as const;
  requireFloat(kind, operands);
  return new Value({ kind }, operands, broadcastShape(kind, operands));
};
/** Of two float32 or two int32 tensors. */
export function add(first: Operand, second: Operand): Value {
  const operands = [asValue(first), asValue(second)] as const;
  const [{ type }] = operands;
  if (operands[1].type !== type) shapeError('add', operands, `${type} and ${operands[1].type} do not mix`);
  return new Value({ kind: 'add' }, operands, broadcastShape('add', operands), type);
}
export const subtract = binary('subtract');
export const multiply = binary('multiply');
export const divide = binary('divide');

const comparison = (kind: 'equal' | 'lessOrEqual') => (first: Value, second: Value) => {
  if (first.type !== 'int32' || second.type !== 'int32')
    shapeError(kind, [first, second], 'it compares int32');
  return new Value({ kind }, [first, second], broadcastShape(kind, [first, second]));
};
export const equal = comparison('equal');
export const lessOrEqual = comparison('lessOrEqual');

export interface MatmulOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/** a [..., m, k] · b [..., k, n] → [..., m, n]; with a transpose flag the operand's last two axes are swapped first. */
export function matmul(
  a: Value,
  b: Value,
  { transposeA = false, transposeB = false }: MatmulOptions = {},
): Value {
  requireFloat('matmul', [a, b]);
  if (a.shape.length < 2 || b.shape.length < 2) shapeError('matmul', [a, b], 'both need two axes or more');
  const [rows, innerA] = transposeA ? lastTwo(a).reverse() : lastTwo(a);
  const [innerB, columns] = transposeB ? lastTwo(b).reverse() : lastTwo(b);
  if (innerA !== innerB) shapeError('matmul', [a, b], `the inner sizes ${innerA} and ${innerB} differ`);
  const batch = broadcastShape('matmul', [a, b], a.shape.slice(0, -2), b.shape.slice(0, -2));
  return new Value({ kind: 'matmul', transposeA, transposeB }, [a, b], [...batch, rows!, columns!]);
}

export function reshape(x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x;
  if (elementCount(x.shape) !== elementCount(shape)) {
    shapeError('reshape', [x], `${elementCount(x.shape)} numbers do not fill [${shape.join(', ')}]`);
  }
  return new Value({ kind: 'reshape' }, [x], shape, x.type);
}

export function transpose(x: Value, permutation: readonly number[]): Value {
  const axes = [...permutation].sort((first, second) => first - second);
  if (axes.length !== x.shape.length || axes.some((axis, index) => axis !== index)) {
    shapeError('transpose', [x], `[${permutation.join(', ')}] is not an order of its axes`);
  }
  const shape = permutation.map((axis) => x.shape[axis]!);
  return new Value({ kind: 'transpose', permutation }, [x], shape, x.type);
}

export function broadcast(x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x;
  const result = new Value({ kind: 'broadcast' }, [x], shape, x.type);
  if (!sameShape(broadcastShape('broadcast', [x, result]), shape)) {
    shapeError('broadcast', [x], `it does not stretch to [${shape.join(', ')}]`);
  }
  return result;
}

export function slice(x: Value, axis: number, start: number, end: number): Value {
  const size = axisSize('slice', x, axis);
  if (start < 0 || end > size || start >= end)
    shapeError('slice', [x], `${start}..${end} is not within axis ${axis}`);
  if (start === 0 && end === size) return x;
  return new Value({ kind: 'slice', axis, start, end }, [x], withAxis(x.shape, axis, end - start), x.type);
}

export function pad(x: Value, axis: number, before: number, after: number): Value {
  requireFloat('pad', [x]);
  const size = axisSize('pad', x, axis);
  return new Value({ kind: 'pad', axis, before, after }, [x], withAxis(x.shape, axis, before + size + after));
}

export function concat(parts: readonly Value[], axis: number): Value {
  const [first] = parts;
  if (first === undefined) return shapeError('concat', parts, 'there is nothing to join');
  if (parts.length === 1) return first;
  const total = parts.reduce((sum, part) => sum + axisSize('concat', part, axis), 0);
  const shape = withAxis(first.shape, axis, total);
  if (
    parts.some((part) => !sameShape(withAxis(part.shape, axis, total), shape) || part.type !== first.type)
  ) {
    shapeError('concat', parts, `they differ in another axis than ${axis}`);
  }
  return new Value({ kind: 'concat', axis }, parts, shape, first.type);
}

/** Sum over the axes, which are kept with size 1. */
export function sum(x: Value, axes: readonly number[]): Value {
  requireFloat('sum', [x]);
  if (axes.length === 0) return x;
  for (const axis of axes) axisSize('sum', x, axis);
  const shape = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  return new Value({ kind: 'sum', axes }, [x], shape);
}

/** Mean over the last axis, which is kept with size 1. */
export function mean(x: Value): Value {
  const axis = x.shape.length - 1;
  return multiply(sum(x, [axis]), 1 / axisSize('sum', x, axis));
}

/** Largest element of the last axis, which is kept with size 1. It carries no gradient. */
export function max(x: Value): Value {
  requireFloat('max', [x]);
  const axis = x.shape.length - 1;
  axisSize('max', x, axis);
  return new Value({ kind: 'max', axis }, [x], withAxis(x.shape, axis, 1));
}

export function argMax(x: Value): Value {
  requireFloat('argMax', [x]);
  axisSize('argMax', x, x.shape.length - 1);
  return new Value({ kind: 'argMax' }, [x], x.shape.slice(0, -1), 'int32');
}

/** exp(x) / Σ exp(x) over the last axis. */
export function softmax(x: Value): Value {
  requireFloat('softmax', [x]);
  axisSize('softmax', x, x.shape.length - 1);
  return new Value({ kind: 'softmax' }, [x], x.shape);
}

/** table [rows, width], index int32 [...] → [..., width]. */
export function gatherRows(table: Value, index: Value): Value {
  requireFloat('gatherRows', [table]);
  if (table.shape.length !== 2) shapeError('gatherRows', [table, index], 'the table needs two axes');
  if (index.type !== 'int32') shapeError('gatherRows', [table, index], 'the index must be int32');
  return new Value({ kind: 'gatherRows' }, [table, index], [...index.shape, table.shape[1]!]);
}

export function scatterRows(index: Value, updates: Value, rows: number): Value {
  requireRowIndex('scatterRows', updates, index);
  return new Value({ kind: 'scatterRows', rows }, [index, updates], [rows, updates.shape[1]!]);
}

export function pick(matrix: Value, index: Value): Value {
  requireRowIndex('pick', matrix, index);
  return new Value({ kind: 'pick' }, [matrix, index], [matrix.shape[0]!, 1]);
}

export function addAtPick(matrix: Value, index: Value, amount: Operand): Value {
  requireRowIndex('addAtPick', matrix, index);
  const operands = [matrix, index, asValue(amount)];
  if (elementCount(operands[2]!.shape) !== 1) shapeError('addAtPick', operands, 'the amount is one number');
  return new Value({ kind: 'addAtPick' }, operands, matrix.shape);
}

export function rmsNormalize(x: Value, epsilon: number): Value {
  requireFloat('rmsNormalize', [x]);
  axisSize('rmsNormalize', x, x.shape.length - 1);
  return new Value({ kind: 'rmsNormalize', epsilon }, [x], x.shape);
}

export function inverseRms(x: Value, epsilon: number): Value {
  requireFloat('inverseRms', [x]);
  const axis = x.shape.length - 1;
  axisSize('inverseRms', x, axis);
  return new Value({ kind: 'inverseRms', epsilon }, [x], withAxis(x.shape, axis, 1));
}

/**
 * Rotary position embedding (RoFormer, arXiv 2104.09864) in the half-split layout of Hugging Face's Llama: with
 * x = [left, right] along the last axis, the result is [left·cos − right·sin, right·cos + left·sin].
 * @param x [batch, heads, tokens, width]
 * @param positions int32 [batch, tokens]: rows of the tables
 * @param cosine, sine [positions, width / 2]; constants: they get no gradient
 */
export function rotary(x: Value, positions: Value, cosine: Value, sine: Value): Value {
  const operands = [x, positions, cosine, sine];
  requireFloat('rotary', [x, cosine, sine]);
  if (x.shape.length !== 4 || x.shape[3]! % 2 !== 0)
    shapeError('rotary', operands, 'x is [batch, heads, tokens, even]');
  if (positions.type !== 'int32' || !sameShape(positions.shape, [x.shape[0]!, x.shape[2]!])) {
    shapeError('rotary', operands, 'positions are int32 [batch, tokens]');
  }
  if (
    cosine.shape.length !== 2 ||
    cosine.shape[1] !== x.shape[3]! / 2 ||
    !sameShape(cosine.shape, sine.shape)
  ) {
    shapeError('rotary', operands, 'the tables are [positions, width / 2]');
  }
  return new Value({ kind: 'rotary' }, operands, x.shape);
}

/**
 * A scalar whose gradients were computed together with it: `backward` uses them instead of deriving through its
 * inner workings. This is how a loss over a large vocabulary keeps only one chunk of logits at a time.
 */
export function withGradient(
  value: Value,
  gradients: readonly { variable: Value; gradient: Value }[],
): Value {
  const variables = gradients.map(({ variable }) => variable);
  const operands = [value, ...variables, ...gradients.map(({ gradient }) => gradient)];
  if (elementCount(value.shape) !== 1) shapeError('withGradient', operands, 'the value must be a scalar');
  for (const { variable, gradient } of gradients) {
    if (!sameShape(variable.shape, gradient.shape))
      shapeError('withGradient', operands, 'a gradient has its own shape');
  }
  return new Value({ kind: 'withGradient', variables: variables.length }, operands, value.shape);
}

function lastTwo(x: Value): number[] {
  return x.shape.slice(-2);
}
