/**
 * Attention in terms of simpler operations. Queries of the heads that share a key head are stacked as rows, so keys are
 * never repeated. Runtimes without an operation of their own for `cachedAttention` compute it in this way.
 */
import { buildGraph, type Graph, topologicalOrder } from './graph.ts';
import { add, constant, lessOrEqual, matmul, multiply, reshape, softmax, subtract, tanh } from './ops.ts';
import { type AttentionSettings, Value } from './value.ts';

/** Added to the score of a token that must not be seen: its probability underflows to exactly zero. */
export const HIDDEN_SCORE = -1e9;

/**
 * @param key, value [batch, keyValueHeads, length, w]
 * @param mask broadcasts to [batch, keyValueHeads, heads per group, tokens, length]
 * @param query [batch, heads, tokens, w]
 */
export function attendTo(
  key: Value,
  value: Value,
  mask: Value,
  query: Value,
  { scale, softCap }: AttentionSettings,
): Value {
  const [batch, heads, tokens, width] = query.shape as [number, number, number, number];
  const [, keyHeads, length] = key.shape as [number, number, number, number];
  const group = heads / keyHeads;
  const rows = reshape(multiply(query, scale), [batch, keyHeads, group * tokens, width]);
  const scores = reshape(matmul(rows, key, { transposeB: true }), [batch, keyHeads, group, tokens, length]);
  const probabilities = softmax(add(capped(scores, softCap), mask));
  const attended = matmul(reshape(probabilities, [batch, keyHeads, group * tokens, length]), value);
  return reshape(attended, query.shape);
}

/** Probabilities, and all that is computed between them and the products that they come from, these too. */
export function probabilityPaths(outputs: readonly Value[]): Set<Value> {
  const found = new Set<Value>();
  const waiting = topologicalOrder(outputs).filter(({ operation }) => operation.kind === 'softmax');
  for (const value of waiting) {
    found.add(value);
    if (value.operation.kind !== 'matmul')
      waiting.push(...value.inputs.filter(({ inputs }) => inputs.length > 0));
  }
  return found;
}

/** c·tanh(x / c), which keeps numbers between −c and c (Gemma 2, arXiv 2408.00118). */
export function capped(x: Value, cap: number | undefined): Value {
  return cap === undefined ? x : multiply(tanh(multiply(x, 1 / cap)), cap);
}

/**
 * The graph without `cachedAttention`, but for those that a runtime computes in one.
 * @param keeps whether the runtime does
 */
export function expandAttention(graph: Graph, keeps: (attention: Value) => boolean = () => false): Graph {
  const replacements = new Map<Value, Value>();
  for (const value of topologicalOrder([...graph.outputs.values()])) {
    const operands = value.inputs.map((operand) => replacements.get(operand)!);
    const rebuilt = value.inputs.every((operand, index) => operand === operands[index])
      ? value
      : new Value(value.operation, operands, value.shape, value.type);
    replacements.set(value, keeps(value) ? rebuilt : expanded(rebuilt));
  }
  const outputs = new Map([...graph.outputs].map(([name, value]) => [name, replacements.get(value)!]));
  return { ...buildGraph(outputs), sharing: graph.sharing, open: graph.open };
}

function expanded(value: Value): Value {
  const { operation, inputs, shape } = value;
  if (operation.kind !== 'cachedAttention') return value;
  const [query, keys, values, starts] = inputs as [Value, Value, Value, Value];
  const [batch, , tokens] = shape as [number, number, number];
  const capacity = keys.shape[2]!;
  const looking = add(reshape(starts, [batch, 1, 1, 1, 1]), wholeNumbers(tokens, 0, [tokens, 1]));
  const isPast = lessOrEqual(wholeNumbers(capacity, 0, [capacity]), looking);
  const { slidingWindow } = operation;
  const isSeen =
    slidingWindow === undefined
      ? isPast
      : multiply(isPast, lessOrEqual(looking, wholeNumbers(capacity, slidingWindow - 1, [capacity])));
  return attendTo(keys, values, multiply(subtract(1, isSeen), HIDDEN_SCORE), query, operation);
}

function wholeNumbers(count: number, first: number, shape: readonly number[]): Value {
  return constant(
    Int32Array.from({ length: count }, (_, index) => first + index),
    shape,
  );
}
