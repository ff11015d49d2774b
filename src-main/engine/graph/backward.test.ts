import { describe, expect, it } from 'vitest';
import { backward } from './backward.ts';
import { evaluate } from './evaluate.ts';
import { EXPRESSIONS, numbers, sampleInput } from './expressions.suite.ts';
import { buildGraph } from './graph.ts';
import * as ops from './ops.ts';
import type { Value } from './value.ts';

/** Operations on whose result nothing depends smoothly, or whose gradient is given by withGradient. */
const WITHOUT_GRADIENT = new Set([
  'equal',
  'lessOrEqual',
  'max',
  'argMax',
  'writeTokens',
  'cachedAttention',
  'pick',
  'addAtPick',
]);
const STEP = 1e-5;

/** Compares `backward` with central differences of the loss, for every number of every float input. */
function expectGradientsToMatchDifferences(loss: Value): void {
  const leaves = [...buildGraph({ loss }).inputs].filter(([, leaf]) => leaf.type === 'float32');
  const given = new Map(
    [...buildGraph({ loss }).inputs].map(([name, leaf]) => [name, Float64Array.from(sampleInput(leaf))]),
  );
  const lossNow = () => evaluate([loss], (name) => given.get(name)!)[0]![0]!;
  const gradients = evaluate(
    backward(
      loss,
      leaves.map(([, leaf]) => leaf),
    ),
    (name) => given.get(name)!,
  );
  for (const [index, [name]] of leaves.entries()) {
    const data = given.get(name)!;
    for (let place = 0; place < data.length; place++) {
      const original = data[place]!;
      data[place] = original + STEP;
      const above = lossNow();
      data[place] = original - STEP;
      const below = lossNow();
      data[place] = original;
      const difference = (above - below) / (2 * STEP);
      expect(gradients[index]![place], `${name}[${place}]`).toBeCloseTo(difference, 5);
    }
  }
}

describe('backward', () => {
  const smooth = Object.entries(EXPRESSIONS).filter(
    ([name, build]) => !WITHOUT_GRADIENT.has(name.split(',')[0]!) && build().type === 'float32',
  );
  it.each(smooth)('gives %s the gradient that finite differences give', (_, build) => {
    const value = build();
    const weights = ops.constant(numbers(value.shape, 7), value.shape);
    const weighted = ops.multiply(value, weights);
    const axes = weighted.shape.map((_, axis) => axis);
    expectGradientsToMatchDifferences(ops.reshape(ops.sum(weighted, axes), []));
  });

  it('adds up the gradients of a value that is used several times', () => {
    const x = ops.input('x', [3]);
    const product = ops.multiply(ops.multiply(x, x), ops.exp(x));
    expectGradientsToMatchDifferences(ops.sum(product, [0]));
  });

  it('gives zeros to a variable on which the loss does not depend', () => {
    const [x, y] = [ops.input('x', [2]), ops.input('y', [3])];
    const [gradient] = evaluate(backward(ops.sum(x, [0]), [y]), () => [1, 1]);
    expect([...gradient!]).toEqual([0, 0, 0]);
  });

  it('takes the gradients that withGradient carries', () => {
    const x = ops.input('x', [2]);
    const loss = ops.withGradient(ops.sum(x, [0]), [
      { variable: x, gradient: ops.constant(Float32Array.of(5, 6), [2]) },
    ]);
    const [gradient] = evaluate(backward(ops.multiply(loss, 2), [x]), () => [0, 0]);
    expect([...gradient!]).toEqual([10, 12]);
  });

  it('refuses a loss that is not a scalar', () => {
    const x = ops.input('x', [2]);
    expect(() => backward(ops.exp(x), [x])).toThrow('exp cannot take [2]');
  });
});
