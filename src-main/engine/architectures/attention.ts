/**
 * Causal attention (Vaswani et al. 2017), grouped (arXiv 2305.13245), with the soft-capping and sliding windows of
 * Gemma 2 and Mistral. Queries of the heads that share a key head are stacked as rows, so keys are never repeated.
 */
import { add, constant, matmul, multiply, reshape, softmax, tanh } from '../graph/ops.ts';
import type { Value } from '../graph/value.ts';
import type { AttentionContext, AttentionOptions } from './builder.ts';

/** Added to the score of a token that must not be seen: its probability underflows to exactly zero. */
export const HIDDEN_SCORE = -1e9;

/** Training and scoring: every window stands alone, each token sees those before it. */
export function windowAttention(batch: number, tokens: number): AttentionContext {
  const positions = Int32Array.from({ length: batch * tokens }, (_, index) => index % tokens);
  return {
    batch,
    tokens,
    positions: constant(positions, [batch, tokens]),
    positionCount: tokens,
    attend: (_path, query, key, value, options) => {
      const mask = constant(causalMask(tokens, options.slidingWindow), [tokens, tokens]);
      return attendTo(key, value, mask, query, options);
    },
  };
}

/** [tokens · tokens], row = the token that looks. */
function causalMask(tokens: number, slidingWindow = Number.POSITIVE_INFINITY): Float32Array {
  return Float32Array.from({ length: tokens * tokens }, (_, index) => {
    const [looking, seen] = [Math.floor(index / tokens), index % tokens];
    return seen <= looking && looking - seen < slidingWindow ? 0 : HIDDEN_SCORE;
  });
}

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
  { scale, softCap }: AttentionOptions,
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

/** c·tanh(x / c), which keeps numbers between −c and c (Gemma 2, arXiv 2408.00118). */
export function capped(x: Value, cap: number | undefined): Value {
  return cap === undefined ? x : multiply(tanh(multiply(x, 1 / cap)), cap);
}
