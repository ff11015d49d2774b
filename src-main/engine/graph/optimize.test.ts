import { describe, expect, it } from 'vitest';
import { evaluate } from './evaluate.ts';
import { EXPRESSIONS, sampleInput } from './expressions.suite.ts';
import { buildGraph, topologicalOrder } from './graph.ts';
import * as ops from './ops.ts';
import { optimize } from './optimize.ts';
import type { Value } from './value.ts';

const optimized = (value: Value) => optimize(buildGraph({ value })).outputs.get('value')!;
const kinds = (value: Value) => topologicalOrder([value]).map(({ operation }) => operation.kind);
const x = ops.input('x', [2, 3]);

describe('optimize', () => {
  it.each(Object.entries(EXPRESSIONS))('leaves the numbers of %s as they are', (_, build) => {
    const value = build();
    const given = new Map([...buildGraph({ value }).inputs].map(([name, leaf]) => [name, sampleInput(leaf)]));
    const [before, after] = evaluate([value, optimized(value)], (name) => given.get(name)!);
    expect([...after!]).toEqual([...before!]);
  });

  it('computes an expression that occurs twice once', () => {
    const twice = ops.add(ops.exp(ops.negate(x)), ops.exp(ops.negate(x)));
    expect(kinds(optimized(twice))).toEqual(['input', 'negate', 'exp', 'add']);
  });

  it('computes what depends on constants alone', () => {
    const folded = optimized(ops.add(x, ops.exp(ops.scalar(0))));
    expect(kinds(folded)).toEqual(['input', 'constant', 'add']);
  });

  it('leaves out steps that change nothing', () => {
    const ones = ops.broadcast(ops.scalar(1), [2, 3]);
    expect(optimized(ops.multiply(ops.add(x, 0), ones))).toBe(x);
    expect(optimized(ops.negate(ops.negate(x)))).toBe(x);
    expect(optimized(ops.reshape(ops.reshape(x, [6]), [2, 3]))).toBe(x);
  });

  it('lets an element-wise operation do the stretching', () => {
    const row = ops.input('row', [3]);
    expect(kinds(optimized(ops.multiply(ops.broadcast(row, [2, 3]), x)))).toEqual([
      'input',
      'input',
      'multiply',
    ]);
  });

  it('joins factors', () => {
    expect(kinds(optimized(ops.multiply(ops.multiply(x, 2), 3)))).toEqual(['input', 'constant', 'multiply']);
  });

  it('keeps what only the outputs need', () => {
    const unused = ops.exp(x);
    expect(kinds(optimized(ops.negate(x)))).not.toContain(unused.operation.kind);
  });
});
