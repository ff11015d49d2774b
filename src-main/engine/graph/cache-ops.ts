/** The operations of a decoding step: new tokens' keys and values go into a cache, and queries look at it. */
import { requireFloat } from './operand-checks.ts';
import { type AttentionSettings, sameShape, shapeError, Value, withAxis } from './value.ts';

/**
 * The cache with new tokens in it: those of text b replace what stands from place starts[b] on, and fit in.
 * @param cache [batch, heads, capacity, w]
 * @param fresh [batch, heads, tokens, w]
 * @param starts int32 [batch]
 */
export function writeTokens(cache: Value, fresh: Value, starts: Value): Value {
  const operands = [cache, fresh, starts];
  requireFloat('writeTokens', [cache, fresh]);
  requireStarts('writeTokens', operands, starts);
  const expected = withAxis(cache.shape, 2, fresh.shape[2] ?? 0);
  if (cache.shape.length !== 4 || !sameShape(fresh.shape, expected) || starts.shape[0] !== cache.shape[0]) {
    shapeError(
      'writeTokens',
      operands,
      'it takes [batch, heads, capacity, w], [batch, heads, tokens, w], [batch]',
    );
  }
  return new Value({ kind: 'writeTokens' }, operands, cache.shape);
}

/**
 * Causal attention (arXiv 1706.03762), grouped (arXiv 2305.13245), of new tokens to a cache that they are written in: token
 * t of text b stands at place starts[b] + t and sees the places up to its own. Where several texts have several new tokens,
 * these are their first: all start at 0. It carries no gradient.
 * @param query [batch, heads, tokens, w]
 * @param keys, values [batch, keyValueHeads, capacity, w]
 * @param starts int32 [batch]
 */
export function cachedAttention(
  query: Value,
  keys: Value,
  values: Value,
  starts: Value,
  settings: AttentionSettings,
): Value {
  const operands = [query, keys, values, starts];
  requireFloat('cachedAttention', [query, keys, values]);
  requireStarts('cachedAttention', operands, starts);
  const [batch, heads, , width] = query.shape as [number, number, number, number];
  const [keyBatch, keyHeads, , keyWidth] = keys.shape as [number, number, number, number];
  if (query.shape.length !== 4 || keys.shape.length !== 4 || !sameShape(keys.shape, values.shape))
    shapeError('cachedAttention', operands, 'queries, keys and values are [batch, heads, places, w]');
  if (batch !== keyBatch || batch !== starts.shape[0] || width !== keyWidth || heads % keyHeads !== 0)
    shapeError('cachedAttention', operands, 'the queries do not go with the keys');
  return new Value({ kind: 'cachedAttention', ...settings }, operands, query.shape);
}

function requireStarts(
  kind: 'writeTokens' | 'cachedAttention',
  operands: readonly Value[],
  starts: Value,
): void {
  if (starts.type !== 'int32' || starts.shape.length !== 1)
    shapeError(kind, operands, 'where texts go on is int32 [batch]');
}
