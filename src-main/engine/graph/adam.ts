/**
 * One update of Adam (arXiv 1412.6980) as an expression. Runtimes that have it as one operation find it in a graph by
 * `findAdam`, which compares with the expression itself: what is changed here is changed there.
 */
import { buildGraph, type Graph } from './graph.ts';
import { add, divide, input, multiply, sqrt, subtract } from './ops.ts';
import { optimize } from './optimize.ts';
import type { Value } from './value.ts';

export const FIRST_DECAY = 0.9;
export const SECOND_DECAY = 0.999;
export const EPSILON = 1e-8;
/**
 * Added and taken away again, which turns what is below 1e-37 into zero. A moment without gradients halves every seven
 * steps and would end, for good, among denormal numbers, with which processors are a hundred times slower.
 */
const SMALLEST_MOMENT = 1e-30;

export type AdamState = {
  readonly weight: Value;
  /** Running mean of the gradients, and of their squares. */
  readonly first: Value;
  readonly second: Value;
};

/** Like the weight in shape: gradient. Scalars: the others. */
export type AdamOperands = AdamState & {
  readonly gradient: Value;
  /** Learning rate. */
  readonly rate: Value;
  /** 1 − β₁ᵗ at step t, from 1. */
  readonly firstCorrection: Value;
  /** 1 / √(1 − β₂ᵗ). */
  readonly spreadFactor: Value;
};

export function adam(operands: AdamOperands): AdamState {
  const { gradient, rate, firstCorrection, spreadFactor } = operands;
  const mean = add(multiply(operands.first, FIRST_DECAY), multiply(gradient, 1 - FIRST_DECAY));
  const first = subtract(add(mean, SMALLEST_MOMENT), SMALLEST_MOMENT);
  const second = add(
    multiply(operands.second, SECOND_DECAY),
    multiply(multiply(gradient, gradient), 1 - SECOND_DECAY),
  );
  const spread = add(multiply(sqrt(second), spreadFactor), EPSILON);
  const change = multiply(divide(first, spread), divide(rate, firstCorrection));
  return { weight: subtract(operands.weight, change), first, second };
}

export interface FoundAdam {
  readonly operands: AdamOperands;
  readonly result: AdamState;
}

/** @param graph already optimized. All three results of an update that is found are outputs of it */
export function findAdam(graph: Graph): FoundAdam[] {
  const { operands, result } = pattern();
  const outputs = new Set(graph.outputs.values());
  return [...outputs].flatMap((output) => {
    const found = new Map<Value, Value>();
    if (!matches(result.weight, output, found)) return [];
    const update = { operands: translated(operands, found), result: translated(result, found) };
    return outputs.has(update.result.first) && outputs.has(update.result.second) ? [update] : [];
  });
}

/** The expression as `optimize` leaves it, with inputs for the operands. */
function pattern(): FoundAdam {
  const tensor = (name: string) => input(name, [2]);
  const scalar = (name: string) => input(name, []);
  const operands: AdamOperands = {
    weight: tensor('weight'),
    first: tensor('first'),
    second: tensor('second'),
    gradient: tensor('gradient'),
    rate: scalar('rate'),
    firstCorrection: scalar('firstCorrection'),
    spreadFactor: scalar('spreadFactor'),
  };
  const state = adam(operands);
  const { outputs } = optimize(
    buildGraph({ 'new weight': state.weight, 'new first': state.first, 'new second': state.second }),
  );
  const result = (name: string) => outputs.get(name)!;
  return {
    operands,
    result: { weight: result('new weight'), first: result('new first'), second: result('new second') },
  };
}

/** Whether the value is computed as the expression is, with any values for its inputs; `found` holds which. */
function matches(expression: Value, value: Value, found: Map<Value, Value>): boolean {
  const known = found.get(expression);
  if (known !== undefined) return known === value;
  found.set(expression, value);
  const { operation } = expression;
  if (operation.kind === 'input') return true;
  if (operation.kind === 'constant')
    return value.operation.kind === 'constant' && String(value.operation.data) === String(operation.data);
  return (
    value.operation.kind === operation.kind &&
    expression.inputs.every((operand, index) => matches(operand, value.inputs[index]!, found))
  );
}

function translated<Values extends object>(values: Values, found: ReadonlyMap<Value, Value>): Values {
  const entries = Object.entries(values).map(([name, value]) => [name, found.get(value)!]);
  return Object.fromEntries(entries) as Values;
}
