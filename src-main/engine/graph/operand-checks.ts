/** What operations ask of their operands, and the shapes that follow: each refusal names the operation and the shapes. */
import { type Shape, sameShape, shapeError, type Value } from './value.ts';

type Kind = Parameters<typeof shapeError>[0];

export function axisSize(kind: Kind, x: Value, axis: number): number {
  return x.shape[axis] ?? shapeError(kind, [x], `there is no axis ${axis}`);
}

export function requireFloat(kind: Kind, operands: readonly Value[]): void {
  if (operands.some((operand) => operand.type !== 'float32'))
    shapeError(kind, operands, 'it works on float32');
}

export function requireRowIndex(
  kind: 'scatterRows' | 'pick' | 'addAtPick',
  matrix: Value,
  index: Value,
): void {
  requireFloat(kind, [matrix]);
  if (matrix.shape.length !== 2 || index.type !== 'int32' || !sameShape(index.shape, [matrix.shape[0]!])) {
    shapeError(kind, [matrix, index], 'it takes a matrix [n, width] and an int32 index [n]');
  }
}

/**
 * NumPy's rule: axes are compared from the last one on, and a size of 1 stretches.
 * @param first, second the shapes that are to go together, where these are not whole operands
 */
export function broadcastShape(
  kind: Kind,
  operands: readonly [Value, Value],
  first: Shape = operands[0].shape,
  second: Shape = operands[1].shape,
): Shape {
  const rank = Math.max(first.length, second.length);
  return Array.from({ length: rank }, (_, axis) => {
    const sizes = [first, second].map((shape) => shape[axis - rank + shape.length] ?? 1);
    const [one, other] = sizes as [number, number];
    if (one !== other && one !== 1 && other !== 1)
      shapeError(kind, operands, `${one} and ${other} do not broadcast`);
    return Math.max(one, other);
  });
}
