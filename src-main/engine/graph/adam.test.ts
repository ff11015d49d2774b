import { expect, it } from 'vitest';
import { type AdamOperands, adam, findAdam } from './adam.ts';
import { buildGraph } from './graph.ts';
import { add, input, multiply, subtract } from './ops.ts';
import { optimize } from './optimize.ts';
import type { Value } from './value.ts';

const SHAPE = [3, 4];
const operands: AdamOperands = {
  weight: input('weight', SHAPE),
  first: input('first', SHAPE),
  second: input('second', SHAPE),
  gradient: input('gradient', SHAPE),
  rate: input('rate', []),
  firstCorrection: input('firstCorrection', []),
  spreadFactor: input('spreadFactor', []),
};

function found(outputs: Readonly<Record<string, Value>>) {
  const named = Object.entries(outputs).map(([name, value]): [string, Value] => [`new ${name}`, value]);
  const graph = optimize(buildGraph(new Map(named)));
  return { graph, updates: findAdam(graph) };
}

it('finds an update in a graph, with what it is made of and what it gives', () => {
  const { graph, updates } = found({ ...adam(operands), other: multiply(operands.weight, 2) });
  expect(updates).toHaveLength(1);
  expect(updates[0]!.operands).toEqual(operands);
  for (const [name, value] of Object.entries(updates[0]!.result))
    expect(graph.outputs.get(`new ${name}`)).toBe(value);
});

it('finds the updates of AdamW with clipped gradients', () => {
  const decayed = multiply(operands.weight, subtract(1, multiply(operands.rate, 0.01)));
  const clipped = multiply(operands.gradient, input('clip', []));
  const { updates } = found(adam({ ...operands, weight: decayed, gradient: clipped }));
  expect(updates).toHaveLength(1);
  expect(updates[0]!.operands.weight.operation.kind).toBe('multiply');
  expect(updates[0]!.operands.gradient.inputs[0]).toBe(operands.gradient);
});

it('takes nothing for an update that is computed otherwise, or whose moments are not kept', () => {
  const { weight, first, second } = adam(operands);
  expect(found({ weight, first }).updates).toEqual([]);
  expect(found({ weight: add(weight, 1), first, second }).updates).toEqual([]);
  const twoGradients = adam({ ...operands, gradient: input('another', SHAPE) });
  expect(found({ weight, first: twoGradients.first, second }).updates).toEqual([]);
});
