/**
 * Attention to a cache and to new tokens that are not in it yet: scores of both stand side by side for the softmax, and
 * what is seen of both is added up. So the cache is read where it lies, and neither copied nor written.
 */
import { HIDDEN_SCORE } from '../../../graph/attention.ts';
import type { AttentionSettings, Value } from '../../../graph/value.ts';
import { MICROSOFT, type OnnxWriter } from './onnx-writer.ts';

/** Whether the attention's keys and values are told as a cache and the new tokens that come into it. */
export function isPartedAttention({ operation, inputs }: Value): boolean {
  if (operation.kind !== 'cachedAttention') return false;
  const [query, keys, values, starts] = inputs as [Value, Value, Value, Value];
  const isWritten = ({ operation: { kind }, inputs: parts }: Value) =>
    kind === 'writeTokens' && parts[2] === starts && parts[1]!.shape[2] === query.shape[2];
  return isWritten(keys) && isWritten(values);
}

export class PartedAttention {
  readonly #onnx: OnnxWriter;
  readonly #caches: ReadonlySet<Value>;
  /** They are the same in every block. */
  readonly #masks = new Map<string, string>();

  constructor(onnx: OnnxWriter, order: readonly Value[]) {
    this.#onnx = onnx;
    this.#caches = new Set(order.filter(isPartedAttention).flatMap(({ inputs }) => inputs.slice(1, 3)));
  }

  /** Whether the value is a cache with new tokens in it, of which attention wants the parts. */
  parts(value: Value): boolean {
    return this.#caches.has(value);
  }

  attend(value: Value, { scale, softCap, slidingWindow }: AttentionSettings): string {
    const onnx = this.#onnx;
    const [query, keys, values, starts] = value.inputs as [Value, Value, Value, Value];
    const [batch, heads, tokens, width] = value.shape as [number, number, number, number];
    const [, keyHeads, capacity] = keys.shape as [number, number, number];
    const group = heads / keyHeads;
    // Queries of the heads that share a key head are stacked as rows.
    const rows = onnx.reshape(onnx.nameOf(query), [batch, keyHeads, group * tokens, width]);
    const [[oldKeys, newKeys], [oldValues, newValues]] = [keys, values].map(({ inputs }) =>
      inputs.slice(0, 2).map((part) => onnx.nameOf(part)),
    ) as [[string, string], [string, string]];
    const scoresOf = (key: string) =>
      onnx.node('FusedMatMul', [rows, key], { transB: 1, alpha: { float: scale } }, MICROSOFT);
    const scores = onnx.node('Concat', [scoresOf(oldKeys), scoresOf(newKeys)], { axis: 3 });
    const mask = this.#mask({ starts, batch, tokens, capacity, group, slidingWindow });
    const seen = onnx.node('Add', [this.#capped(scores, softCap), mask]);
    const probabilities = onnx.node('Softmax', [seen], { axis: -1 });
    const ofOld = onnx.sizes([capacity]);
    const part = (from: string, to: string) => onnx.node('Slice', [probabilities, from, to, onnx.int64([3])]);
    const attended = onnx.node('Add', [
      onnx.node('MatMul', [part(onnx.int64([0]), ofOld), oldValues]),
      onnx.node('MatMul', [part(ofOld, onnx.int64([Number.MAX_SAFE_INTEGER])), newValues]),
    ]);
    return onnx.reshape(attended, value.shape);
  }

  #capped(scores: string, cap: number | undefined): string {
    if (cap === undefined) return scores;
    const number = (data: number) => this.#onnx.constant(Float32Array.of(data), [], 'float32');
    const tanh = this.#onnx.node('Tanh', [this.#onnx.node('Mul', [scores, number(1 / cap)])]);
    return this.#onnx.node('Mul', [tanh, number(cap)]);
  }

  /**
   * What is added to the scores, [batch, 1, group · tokens, capacity + tokens]. Of the cache a token sees the places before its
   * text's start, of the new tokens those up to itself.
   */
  #mask({ starts, batch, tokens, capacity, group, slidingWindow }: Mask): string {
    const onnx = this.#onnx;
    const key = JSON.stringify([onnx.nameOf(starts), batch, tokens, capacity, group, slidingWindow]);
    const known = this.#masks.get(key);
    if (known !== undefined) return known;
    const start = onnx.reshape(onnx.cast(onnx.nameOf(starts), 'int64'), [batch, 1, 1, 1]);
    const [places, newPlaces] = [this.#numbersBelow(capacity), this.#numbersBelow(tokens)];
    const token = onnx.reshape(newPlaces, [tokens, 1]);
    const isInWindow = (place: string, looking: string) =>
      slidingWindow === undefined
        ? []
        : [onnx.node('Greater', [place, onnx.node('Sub', [looking, onnx.int64([slidingWindow])])])];
    const masks = [
      {
        seen: [onnx.node('Less', [places, start]), ...isInWindow(places, onnx.node('Add', [start, token]))],
        length: capacity,
      },
      {
        seen: [onnx.node('LessOrEqual', [newPlaces, token]), ...isInWindow(newPlaces, token)],
        length: tokens,
      },
    ].map(({ seen, length }) => {
      const isSeen = seen.reduce((one, other) => onnx.node('And', [one, other]));
      const [shown, hidden] = [0, HIDDEN_SCORE].map((score) =>
        onnx.constant(Float32Array.of(score), [], 'float32'),
      );
      const added = onnx.node('Where', [isSeen, shown!, hidden!]);
      return onnx.node('Expand', [added, onnx.sizes([batch, 1, tokens, length])]);
    });
    const ofHead = onnx.node('Concat', masks, { axis: 3 });
    const all = onnx.node(
      'Concat',
      Array.from({ length: group }, () => ofHead),
      { axis: 2 },
    );
    this.#masks.set(key, all);
    return all;
  }

  /** int64 [count]: 0, 1, 2 … */
  #numbersBelow(count: number): string {
    const [zero, one] = [0n, 1n].map((number) => this.#onnx.constant(BigInt64Array.of(number), [], 'int64'));
    return this.#onnx.node('Range', [zero!, this.#onnx.node('Squeeze', [this.#onnx.sizes([count])]), one!]);
  }
}

interface Mask {
  readonly starts: Value;
  readonly batch: number;
  readonly tokens: number;
  readonly capacity: number;
  readonly group: number;
  readonly slidingWindow: number | undefined;
}

export function writeRotary(onnx: OnnxWriter, { inputs }: Value): string {
  const [x, positions, cosine, sine] = inputs.map((operand) => onnx.nameOf(operand));
  const operands = [x!, onnx.cast(positions!, 'int64'), cosine!, sine!];
  return onnx.node('RotaryEmbedding', operands, { interleaved: 0 }, MICROSOFT);
}

/** At [text, head, place] of the cache, where the place is the text's start and the token's number. */
export function writeTokens(onnx: OnnxWriter, { inputs }: Value): string {
  const [cache, fresh, starts] = inputs.map((operand) => onnx.nameOf(operand)) as [string, string, string];
  const [batch, heads, tokens] = inputs[1]!.shape as [number, number, number];
  const firsts = Int32Array.from({ length: batch * heads * tokens * 3 }, (_, index) => {
    const row = Math.floor(index / 3);
    return [Math.floor(row / (heads * tokens)), Math.floor(row / tokens) % heads, row % tokens][index % 3]!;
  });
  const start = onnx.node('Mul', [
    onnx.reshape(starts, [batch, 1, 1, 1]),
    onnx.constant(Int32Array.of(0, 0, 1), [3], 'int32'),
  ]);
  const places = onnx.node('Add', [onnx.constant(firsts, [batch, heads, tokens, 3], 'int32'), start]);
  return onnx.node('ScatterND', [cache, onnx.cast(places, 'int64'), fresh]);
}
