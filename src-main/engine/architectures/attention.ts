/**
 * Causal attention (Vaswani et al. 2017), grouped (arXiv 2305.13245), with the soft-capping and sliding windows of
 * Gemma 2 and Mistral. Queries of the heads that share a key head are stacked as rows, so keys are never repeated.
 */
import { add, concat, constant, matmul, multiply, reshape, slice, softmax, tanh } from '../graph/ops.ts';
import type { Value } from '../graph/value.ts';
import type { AttentionContext, AttentionOptions } from './builder.ts';

/** Added to the score of a token that must not be seen: its probability underflows to exactly zero. */
export const HIDDEN_SCORE = -1e9;

/** Parts into which a window's queries are cut, and the fewest queries of a part: shorter products are slow. */
const PARTS = 4;
const SHORTEST_PART = 128;

/**
 * Training and scoring: every window stands alone, each token sees those before it. The queries are cut into parts, each
 * with the keys that it may see, so that most products with keys that come later are never computed.
 */
export function windowAttention(batch: number, tokens: number): AttentionContext {
  const positions = Int32Array.from({ length: batch * tokens }, (_, index) => index % tokens);
  return {
    batch,
    tokens,
    positions: constant(positions, [batch, tokens]),
    positionCount: tokens,
    attend: (_path, query, key, value, options) => {
      const attended = visibleParts(tokens, options.slidingWindow).map((part) => {
        const { start, end, seenFrom } = part;
        const mask = constant(causalMask(part, options.slidingWindow), [end - start, end - seenFrom]);
        const [keys, values] = [key, value].map((one) => slice(one, TOKEN_AXIS, seenFrom, end));
        return attendTo(keys!, values!, mask, slice(query, TOKEN_AXIS, start, end), options);
      });
      return concat(attended, TOKEN_AXIS);
    },
  };
}

/** Of queries, keys and values. */
const TOKEN_AXIS = 2;

interface Part {
  /** Tokens start … end − 1 look. */
  readonly start: number;
  readonly end: number;
  /** They see none before this one. */
  readonly seenFrom: number;
}

function visibleParts(tokens: number, slidingWindow = Number.POSITIVE_INFINITY): Part[] {
  const size = Math.max(Math.ceil(tokens / PARTS), SHORTEST_PART);
  return Array.from({ length: Math.ceil(tokens / size) }, (_, part) => {
    const start = part * size;
    const seenFrom = Math.max(0, start - slidingWindow + 1);
    return { start, end: Math.min(start + size, tokens), seenFrom };
  });
}

/** A row for each token that looks, a column for each that one of them sees. */
function causalMask({ start, end, seenFrom }: Part, slidingWindow = Number.POSITIVE_INFINITY): Float32Array {
  const columns = end - seenFrom;
  return Float32Array.from({ length: (end - start) * columns }, (_, index) => {
    const [looking, seen] = [start + Math.floor(index / columns), seenFrom + (index % columns)];
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
