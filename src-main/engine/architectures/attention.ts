/**
 * Attention within windows that stand alone, as in training and scoring: each token sees those before it. The queries are
 * cut into parts, each with the keys that it may see, so that most products with keys that come later are never computed.
 */
import { attendTo, HIDDEN_SCORE } from '../graph/attention.ts';
import { concat, constant, slice } from '../graph/ops.ts';
import type { AttentionContext } from './builder.ts';

/** Parts into which a window's queries are cut, and the fewest queries of a part: shorter products are slow. */
const PARTS = 4;
const SHORTEST_PART = 128;

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
