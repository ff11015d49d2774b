/** Attention over a window in parts is attention over the whole of it under a mask. */
import { expect, it } from 'vitest';
import { attendTo, HIDDEN_SCORE } from '../graph/attention.ts';
import { evaluate } from '../graph/evaluate.ts';
import { topologicalOrder } from '../graph/graph.ts';
import { constant, input } from '../graph/ops.ts';
import { elementCount } from '../graph/value.ts';
import { windowAttention } from './attention.ts';

const TOKENS = 300;
const query = input('query', [1, 4, TOKENS, 2]);
const [key, value] = [input('key', [1, 2, TOKENS, 2]), input('value', [1, 2, TOKENS, 2])];
const shapes = new Map(Object.entries({ query, key, value }).map(([name, { shape }]) => [name, shape]));
const numbers = (name: string) => {
  const shape = shapes.get(name)!;
  return Float64Array.from({ length: elementCount(shape) }, (_, index) =>
    Math.sin(index * (name.length + 1)),
  );
};

for (const slidingWindow of [undefined, 40, 200]) {
  it(`sees in a window of ${slidingWindow ?? 'any'} tokens what a mask over all of them lets see`, () => {
    const options = { scale: 0.7, slidingWindow };
    const inParts = windowAttention(1, TOKENS).attend('', query, key, value, options);
    const mask = Float32Array.from({ length: TOKENS ** 2 }, (_, index) => {
      const back = Math.floor(index / TOKENS) - (index % TOKENS);
      return back >= 0 && back < (slidingWindow ?? TOKENS) ? 0 : HIDDEN_SCORE;
    });
    const whole = attendTo(key, value, constant(mask, [TOKENS, TOKENS]), query, options);
    const [actual, expected] = evaluate([inParts, whole], numbers);
    for (const [place, number] of expected!.entries()) expect(actual![place]).toBeCloseTo(number, 6);
  });
}

it('computes no scores of queries with keys that all of them come before', () => {
  const attended = windowAttention(1, TOKENS).attend('', query, key, value, { scale: 1 });
  const scores = topologicalOrder([attended]).filter(({ operation }) => operation.kind === 'softmax');
  const computed = scores.reduce((sum, { shape }) => sum + elementCount(shape), 0);
  expect(computed).toBeLessThan(0.7 * 4 * TOKENS ** 2);
});
