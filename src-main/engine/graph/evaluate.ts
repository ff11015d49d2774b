/**
 * What every operation means, written as plain loops in float64. It is the yardstick of the native runtimes' tests,
 * the ground of the finite-difference checks, and what folds constants. Clarity comes before speed here.
 */
import { topologicalOrder } from './graph.ts';
import { elementCount, type Shape, shapeError, type Value } from './value.ts';

/** Numbers of one tensor, row-major; int32 tensors are held as float64 too (exact up to 2⁵³). */
export type Numbers = Float64Array;

/** Evaluates the values; `inputs` gives the numbers of every input that they depend on. */
export function evaluate(outputs: readonly Value[], inputs: (name: string) => ArrayLike<number>): Numbers[] {
  const results = new Map<Value, Numbers>();
  for (const value of topologicalOrder(outputs)) {
    const { operation } = value;
    if (operation.kind === 'input') {
      const numbers = Float64Array.from(inputs(operation.name));
      if (numbers.length !== elementCount(value.shape))
        shapeError('input', [value], `it got ${numbers.length} numbers`);
      results.set(value, numbers);
    } else {
      const operands = value.inputs.map((operand) => results.get(operand)!);
      results.set(value, compute(value, operands));
    }
  }
  return outputs.map((value) => results.get(value)!);
}

function compute(value: Value, operands: readonly Numbers[]): Numbers {
  const { operation, inputs, shape } = value;
  const [x, y] = operands as [Numbers, Numbers];
  const out = new Float64Array(elementCount(shape));
  const each = (compute: (index: number) => number) => out.map((_, index) => compute(index));
  /** Element-wise on two tensors, broadcast. */
  const pairwise = (compute: (first: number, second: number) => number) => {
    const first = broadcastIndex(inputs[0]!.shape, shape);
    const second = broadcastIndex(inputs[1]!.shape, shape);
    return each((index) => compute(x[first(index)]!, y[second(index)]!));
  };
  switch (operation.kind) {
    case 'input':
      throw new Error('evaluate() supplies inputs');
    case 'constant':
      return Float64Array.from(operation.data);
    case 'negate':
      return x.map((number) => -number);
    case 'exp':
      return x.map(Math.exp);
    case 'log':
      return x.map(Math.log);
    case 'sqrt':
      return x.map(Math.sqrt);
    case 'tanh':
      return x.map(Math.tanh);
    case 'sigmoid':
      return x.map((number) => 1 / (1 + Math.exp(-number)));
    case 'add':
      return pairwise((first, second) => first + second);
    case 'subtract':
      return pairwise((first, second) => first - second);
    case 'multiply':
      return pairwise((first, second) => first * second);
    case 'divide':
      return pairwise((first, second) => first / second);
    case 'equal':
      return pairwise((first, second) => Number(first === second));
    case 'lessOrEqual':
      return pairwise((first, second) => Number(first <= second));
    case 'matmul':
      return matmul(value, x, y, out);
    case 'reshape':
    case 'after':
    case 'withGradient':
      return x;
    case 'transpose': {
      const from = strides(inputs[0]!.shape);
      const move = operation.permutation.map((axis) => from[axis]!);
      return each((index) => x[dot(coordinates(index, shape), move)]!);
    }
    case 'broadcast': {
      const source = broadcastIndex(inputs[0]!.shape, shape);
      return each((index) => x[source(index)]!);
    }
    case 'slice':
    case 'pad': {
      const { axis } = operation;
      const source = inputs[0]!.shape;
      const shift = operation.kind === 'slice' ? operation.start : -operation.before;
      const from = strides(source);
      return each((index) => {
        const place = coordinates(index, shape);
        place[axis]! += shift;
        return place[axis]! >= 0 && place[axis]! < source[axis]! ? x[dot(place, from)]! : 0;
      });
    }
    case 'concat': {
      const { axis } = operation;
      return each((index) => {
        const place = coordinates(index, shape);
        let part = 0;
        while (place[axis]! >= inputs[part]!.shape[axis]!) place[axis]! -= inputs[part++]!.shape[axis]!;
        return operands[part]![dot(place, strides(inputs[part]!.shape))]!;
      });
    }
    case 'sum':
    case 'max': {
      const source = inputs[0]!.shape;
      if (operation.kind === 'max') out.fill(Number.NEGATIVE_INFINITY);
      const target = broadcastIndex(shape, source);
      for (let index = 0; index < x.length; index++) {
        const place = target(index);
        out[place] = operation.kind === 'sum' ? out[place]! + x[index]! : Math.max(out[place]!, x[index]!);
      }
      return out;
    }
    case 'argMax': {
      const width = inputs[0]!.shape.at(-1)!;
      return each((row) => {
        const numbers = x.subarray(row * width, (row + 1) * width);
        return numbers.indexOf(numbers.reduce((best, number) => Math.max(best, number)));
      });
    }
    case 'softmax':
      return byRow(x, shape, (row) => {
        const top = row.reduce((best, number) => Math.max(best, number));
        const powers = row.map((number) => Math.exp(number - top));
        const total = powers.reduce((sum, number) => sum + number);
        return powers.map((number) => number / total);
      });
    case 'gatherRows': {
      const width = shape.at(-1)!;
      return each((index) => x[y[Math.floor(index / width)]! * width + (index % width)]!);
    }
    case 'scatterRows': {
      const width = shape[1]!;
      for (let index = 0; index < y.length; index++) {
        out[x[Math.floor(index / width)]! * width + (index % width)]! += y[index]!;
      }
      return out;
    }
    case 'writeTokens': {
      const [, heads, capacity, width] = shape as [number, number, number, number];
      const tokens = inputs[1]!.shape[2]!;
      out.set(x);
      for (let row = 0; row * tokens * width < y.length; row++) {
        const start = operands[2]![Math.floor(row / heads)]!;
        const fresh = y.subarray(row * tokens * width, (row + 1) * tokens * width);
        out.set(fresh, (row * capacity + start) * width);
      }
      return out;
    }
    case 'cachedAttention':
      return cachedAttention(value, operands, out);
    case 'pick': {
      const width = inputs[0]!.shape[1]!;
      return each((row) => x[row * width + y[row]!]!);
    }
    case 'addAtPick': {
      const width = shape[1]!;
      const amount = operands[2]![0]!;
      return each((index) => x[index]! + (index % width === y[Math.floor(index / width)] ? amount : 0));
    }
    case 'rmsNormalize':
      return byRow(x, shape, (row) => {
        const inverse = inverseRms(row, operation.epsilon);
        return row.map((number) => number * inverse);
      });
    case 'inverseRms': {
      const width = inputs[0]!.shape.at(-1)!;
      return each((row) => inverseRms(x.subarray(row * width, (row + 1) * width), operation.epsilon));
    }
    case 'rotary':
      return rotary(shape, operands);
    default:
      return operation satisfies never;
  }
}

function matmul(value: Value, a: Numbers, b: Numbers, out: Numbers): Numbers {
  const { operation, inputs, shape } = value;
  if (operation.kind !== 'matmul') return out;
  const [rows, columns] = shape.slice(-2) as [number, number];
  const batchShape = shape.slice(0, -2);
  const [batchOfA, batchOfB] = inputs.map((operand) =>
    broadcastIndex(operand.shape.slice(0, -2), batchShape),
  );
  const inner = inputs[0]!.shape.at(operation.transposeA ? -2 : -1)!;
  const [rowA, innerA] = operation.transposeA ? [1, rows] : [inner, 1];
  const [innerB, columnB] = operation.transposeB ? [1, inner] : [columns, 1];
  for (let batch = 0; batch < elementCount(batchShape); batch++) {
    const startA = batchOfA!(batch) * rows * inner;
    const startB = batchOfB!(batch) * inner * columns;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        let total = 0;
        for (let step = 0; step < inner; step++) {
          total += a[startA + row * rowA + step * innerA]! * b[startB + step * innerB + column * columnB]!;
        }
        out[(batch * rows + row) * columns + column] = total;
      }
    }
  }
  return out;
}

function cachedAttention(
  { operation, inputs, shape }: Value,
  operands: readonly Numbers[],
  out: Numbers,
): Numbers {
  if (operation.kind !== 'cachedAttention') return out;
  const { scale, softCap, slidingWindow = Number.POSITIVE_INFINITY } = operation;
  const [query, keys, values, starts] = operands as [Numbers, Numbers, Numbers, Numbers];
  const [, heads, tokens, width] = shape as [number, number, number, number];
  const [, keyHeads, capacity] = inputs[1]!.shape as [number, number, number];
  for (let row = 0; row * width < query.length; row++) {
    const text = Math.floor(row / (heads * tokens));
    const keyHead = Math.floor(((Math.floor(row / tokens) % heads) * keyHeads) / heads);
    const place = starts[text]! + (row % tokens);
    const first = Math.max(0, place - slidingWindow + 1);
    const at = (seen: number) => ((text * keyHeads + keyHead) * capacity + seen) * width;
    const scores = Array.from({ length: place + 1 - first }, (_, index) => {
      let score = 0;
      for (let step = 0; step < width; step++)
        score += query[row * width + step]! * keys[at(first + index) + step]!;
      return softCap === undefined ? score * scale : softCap * Math.tanh((score * scale) / softCap);
    });
    const top = Math.max(...scores);
    const weights = scores.map((score) => Math.exp(score - top));
    const total = weights.reduce((sum, weight) => sum + weight);
    for (const [index, weight] of weights.entries())
      for (let step = 0; step < width; step++)
        out[row * width + step]! += (weight / total) * values[at(first + index) + step]!;
  }
  return out;
}

function rotary(shape: Shape, [x, positions, cosine, sine]: readonly Numbers[]): Numbers {
  const [, heads, tokens, width] = shape as [number, number, number, number];
  const half = width / 2;
  return x!.map((_, index) => {
    const place = index % width;
    const start = index - place;
    const batch = Math.floor(index / (heads * tokens * width));
    const token = Math.floor(index / width) % tokens;
    const angle = positions![batch * tokens + token]! * half + (place % half);
    const [left, right] = [x![start + (place % half)]!, x![start + half + (place % half)]!];
    return place < half
      ? left * cosine![angle]! - right * sine![angle]!
      : right * cosine![angle]! + left * sine![angle]!;
  });
}

function inverseRms(row: Numbers, epsilon: number): number {
  return 1 / Math.sqrt(row.reduce((sum, number) => sum + number * number, 0) / row.length + epsilon);
}

function byRow(x: Numbers, shape: Shape, compute: (row: Numbers) => Numbers): Numbers {
  const width = shape.at(-1)!;
  const out = new Float64Array(x.length);
  for (let start = 0; start < x.length; start += width)
    out.set(compute(x.subarray(start, start + width)), start);
  return out;
}

function strides(shape: Shape): number[] {
  const result = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) result[axis] = result[axis + 1]! * shape[axis + 1]!;
  return result;
}

function coordinates(index: number, shape: Shape): number[] {
  return strides(shape).map((stride, axis) => Math.floor(index / stride) % shape[axis]!);
}

function dot(first: readonly number[], second: readonly number[]): number {
  return first.reduce((sum, number, index) => sum + number * second[index]!, 0);
}

/** Maps a flat index of `target` to the flat index of the element of `source` that is broadcast there. */
function broadcastIndex(source: Shape, target: Shape): (index: number) => number {
  if (elementCount(source) === 1) return () => 0;
  const extra = target.length - source.length;
  const own = strides(source);
  const move = target.map((_, axis) => (axis < extra || source[axis - extra] === 1 ? 0 : own[axis - extra]!));
  return (index) => dot(coordinates(index, target), move);
}
