/**
 * Reverse-mode differentiation: `backward(loss, variables)` walks the graph from the loss to the variables and adds,
 * for each operation, the vector-Jacobian product of its operands. The result is again made of graph values, so the
 * gradient is optimized and executed like everything else. Only paths that lead to a variable are differentiated.
 */
import { topologicalOrder } from './graph.ts';
import {
  add,
  broadcast,
  divide,
  gatherRows,
  inverseRms,
  matmul,
  mean,
  multiply,
  negate,
  pad,
  reshape,
  rotary,
  scalar,
  scatterRows,
  slice,
  subtract,
  sum,
  transpose,
  zeros,
} from './ops.ts';
import { Recomputation } from './recompute.ts';
import { elementCount, type Shape, sameShape, shapeError, type Value } from './value.ts';

/**
 * Gradients of a scalar with respect to each variable, in their order; zeros where the loss does not depend on it.
 *
 * @param recomputed values that are not kept for the gradient: see recompute.ts
 */
export function backward(
  loss: Value,
  variables: readonly Value[],
  recomputed: ReadonlySet<Value> = new Set(),
): Value[] {
  if (elementCount(loss.shape) !== 1)
    shapeError(loss.operation.kind, [loss], 'only a scalar has a gradient here');
  const order = topologicalOrder([loss]);
  const active = new Set<Value>(variables);
  for (const value of order) if (value.inputs.some((operand) => active.has(operand))) active.add(value);

  const recomputation = new Recomputation(recomputed, order);
  const isActive = (operand: Value) => active.has(recomputation.originalOf(operand));
  const gradients = new Map<Value, Value>([[loss, broadcast(scalar(1), loss.shape)]]);
  for (const value of order.reverse()) {
    const gradient = gradients.get(value);
    if (gradient === undefined || !active.has(value)) continue;
    const given = recomputation.forGradient(value, gradient);
    for (const [found, contribution] of vectorJacobianProduct(given, gradient, isActive)) {
      if (!isActive(found)) continue;
      const operand = recomputation.originalOf(found);
      const sofar = gradients.get(operand);
      gradients.set(operand, sofar === undefined ? contribution : add(sofar, contribution));
    }
  }
  return variables.map((variable) => gradients.get(variable) ?? zeros(variable.shape));
}

type Contribution = readonly [operand: Value, gradient: Value];

/** What `gradient`, of a value, gives to each of the value's operands. `wanted` spares work on the others. */
function vectorJacobianProduct(
  value: Value,
  gradient: Value,
  wanted: (operand: Value) => boolean,
): Contribution[] {
  const { operation, inputs } = value;
  const [x, y] = inputs as [Value, Value];
  switch (operation.kind) {
    case 'input':
    case 'constant':
    case 'equal':
    case 'lessOrEqual':
    case 'max':
    case 'argMax':
      return [];
    case 'negate':
      return [[x, negate(gradient)]];
    case 'exp':
      return [[x, multiply(gradient, value)]];
    case 'log':
      return [[x, divide(gradient, x)]];
    case 'sqrt':
      return [[x, divide(multiply(gradient, 0.5), value)]];
    case 'tanh':
      return [[x, multiply(gradient, subtract(1, multiply(value, value)))]];
    case 'sigmoid':
      return [[x, multiply(gradient, multiply(value, subtract(1, value)))]];
    case 'add':
      return [
        [x, reduceTo(gradient, x.shape)],
        [y, reduceTo(gradient, y.shape)],
      ];
    case 'subtract':
      return [
        [x, reduceTo(gradient, x.shape)],
        [y, reduceTo(negate(gradient), y.shape)],
      ];
    case 'multiply':
      return [
        [x, reduceTo(multiply(gradient, y), x.shape)],
        [y, reduceTo(multiply(gradient, x), y.shape)],
      ];
    case 'divide':
      return [
        [x, reduceTo(divide(gradient, y), x.shape)],
        [y, reduceTo(negate(divide(multiply(gradient, value), y)), y.shape)],
      ];
    case 'matmul': {
      const { transposeA, transposeB } = operation;
      const contributions: Contribution[] = [];
      if (wanted(x)) {
        const product = transposeA
          ? matmul(y, gradient, { transposeA: transposeB, transposeB: true })
          : matmul(gradient, y, { transposeB: !transposeB });
        contributions.push([x, reduceTo(product, x.shape)]);
      }
      if (wanted(y)) {
        const product = transposeB
          ? matmul(gradient, x, { transposeA: true, transposeB: transposeA })
          : matmul(x, gradient, { transposeA: !transposeA });
        contributions.push([y, reduceTo(product, y.shape)]);
      }
      return contributions;
    }
    case 'reshape':
      return [[x, reshape(gradient, x.shape)]];
    case 'transpose': {
      const inverse = operation.permutation.map((_, axis) => operation.permutation.indexOf(axis));
      return [[x, transpose(gradient, inverse)]];
    }
    case 'broadcast':
      return [[x, reduceTo(gradient, x.shape)]];
    case 'slice':
      return [[x, pad(gradient, operation.axis, operation.start, x.shape[operation.axis]! - operation.end)]];
    case 'pad': {
      const size = x.shape[operation.axis]!;
      return [[x, slice(gradient, operation.axis, operation.before, operation.before + size)]];
    }
    case 'concat': {
      let start = 0;
      return inputs.map((part): Contribution => {
        const end = start + part.shape[operation.axis]!;
        const contribution = slice(gradient, operation.axis, start, end);
        start = end;
        return [part, contribution];
      });
    }
    case 'sum':
      return [[x, broadcast(gradient, x.shape)]];
    case 'softmax': {
      const weighted = multiply(gradient, value);
      return [[x, subtract(weighted, multiply(value, sum(weighted, [value.shape.length - 1])))]];
    }
    case 'gatherRows': {
      const rows = elementCount(y.shape);
      const [tableRows, width] = x.shape as [number, number];
      return [[x, scatterRows(reshape(y, [rows]), reshape(gradient, [rows, width]), tableRows)]];
    }
    case 'scatterRows':
      return [[y, gatherRows(gradient, x)]];
    case 'rmsNormalize': {
      // With y = x·r and r = 1/√(mean(x²)+ε):  dx = r·(g − y·mean(g·y)).
      const projection = multiply(value, mean(multiply(gradient, value)));
      return [[x, multiply(subtract(gradient, projection), inverseRms(x, operation.epsilon))]];
    }
    case 'inverseRms': {
      // dr/dx = −x·r³ / width.
      const cube = multiply(value, multiply(value, value));
      return [[x, multiply(x, multiply(multiply(gradient, cube), -1 / x.shape.at(-1)!))]];
    }
    case 'rotary': {
      // A rotation's transpose is the rotation by the opposite angle.
      const [, positions, cosine, sine] = inputs as [Value, Value, Value, Value];
      return [[x, rotary(gradient, positions, cosine, negate(sine))]];
    }
    case 'after':
      return [[x, gradient]];
    case 'withGradient': {
      const { variables } = operation;
      return inputs
        .slice(1, 1 + variables)
        .map((variable, index) => [
          variable,
          multiply(reshape(gradient, []), inputs[1 + variables + index]!),
        ]);
    }
    case 'writeTokens':
    case 'cachedAttention':
    case 'pick':
    case 'addAtPick':
      return shapeError(operation.kind, inputs, 'it has no gradient');
    default:
      return operation satisfies never;
  }
}

/** Sums a gradient over the axes along which an operand of this shape was broadcast. */
function reduceTo(gradient: Value, shape: Shape): Value {
  if (sameShape(gradient.shape, shape)) return gradient;
  const extra = gradient.shape.length - shape.length;
  const axes = gradient.shape.flatMap((size, axis) => {
    const own = axis < extra ? 1 : shape[axis - extra]!;
    return own === 1 && size !== 1 ? [axis] : [];
  });
  return reshape(sum(gradient, axes), shape);
}
