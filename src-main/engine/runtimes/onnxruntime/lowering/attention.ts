/**
 * Attention to a cache in one operator, GroupQueryAttention, which writes the new tokens' keys and values as well. It wants
 * [batch, tokens, heads · w] and gives it, where our graph has heads before tokens: most of the transposing falls away.
 */
import type { AttentionSettings, Value } from '../../../graph/value.ts';
import { MICROSOFT, type OnnxWriter } from './onnx-writer.ts';

/** Heads that GroupQueryAttention can compute with on the CPU have a width that is a multiple of this. */
const HEAD_WIDTH_STEP = 8;

/** Whether onnxruntime computes the attention in one on the CPU, and writes the new tokens of its keys and values as well. */
export function isFusedAttention({ operation, inputs }: Value): boolean {
  if (operation.kind !== 'cachedAttention') return false;
  const [query, keys, values, starts] = inputs as [Value, Value, Value, Value];
  const isWritten = ({ operation: { kind }, inputs: parts }: Value) =>
    kind === 'writeTokens' && parts[2] === starts && parts[1]!.shape[2] === query.shape[2];
  return isWritten(keys) && isWritten(values) && query.shape[3]! % HEAD_WIDTH_STEP === 0;
}

export class FusedAttention {
  readonly #onnx: OnnxWriter;
  readonly #outputNames: ReadonlyMap<Value, string>;
  readonly #caches: ReadonlySet<Value>;
  /** What it gives, [batch, tokens, heads · w]. */
  readonly #attended = new Map<Value, string>();

  constructor(onnx: OnnxWriter, order: readonly Value[], outputNames: ReadonlyMap<Value, string>) {
    this.#onnx = onnx;
    this.#outputNames = outputNames;
    this.#caches = new Set(order.filter(isFusedAttention).flatMap(({ inputs }) => inputs.slice(1, 3)));
  }

  /** Whether the value is a cache that attention writes. */
  writes(value: Value): boolean {
    return this.#caches.has(value);
  }

  /** The new keys and values are written over the caches that they are given. */
  attend(value: Value, { scale, softCap, slidingWindow }: AttentionSettings): string {
    const onnx = this.#onnx;
    const [query, keys, values, starts] = value.inputs as [Value, Value, Value, Value];
    const [batch, heads, tokens, width] = value.shape as [number, number, number, number];
    const start = onnx.nameOf(starts);
    const count = onnx.cast(onnx.sizes([tokens]), 'int32');
    const one = onnx.constant(Int32Array.of(1), [1], 'int32');
    const latest = onnx.node('ReduceMax', [start], { axes: [0], keepdims: 1 });
    const caches = [keys, values].map((cache) => this.#outputNames.get(cache) ?? onnx.newName());
    const attended = onnx.newName();
    const fresh = [query, keys.inputs[1]!, values.inputs[1]!].map((part) => this.#tokensFirst(part));
    const old = [keys, values].map(({ inputs }) => onnx.nameOf(inputs[0]!));
    onnx.nodes.push({
      opType: 'GroupQueryAttention',
      domain: MICROSOFT,
      inputs: [
        ...fresh,
        ...old,
        // The place of each text's last new token, and the longest text.
        onnx.node('Sub', [onnx.node('Add', [start, count]), one]),
        onnx.node('Add', [latest, count]),
      ],
      outputs: [attended, ...caches],
      attributes: {
        num_heads: heads,
        kv_num_heads: keys.shape[1]!,
        scale: { float: scale },
        softcap: { float: softCap ?? 0 },
        local_window_size: slidingWindow ?? -1,
      },
    });
    for (const [index, cache] of [keys, values].entries()) onnx.setName(cache, caches[index]!);
    this.#attended.set(value, attended);
    return onnx.node('Transpose', [onnx.reshape(attended, [batch, tokens, heads, width])], {
      perm: [0, 2, 1, 3],
    });
  }

  /** What attention gave, where the value is that with tokens before heads: [batch, tokens, heads · w]. */
  tokensFirstOf(value: Value): string | undefined {
    return swapsHeads(value) ? this.#attended.get(value.inputs[0]!) : undefined;
  }

  /** Of [batch, heads, tokens, w], as [batch, tokens, heads · w]: mostly it was made of that. */
  #tokensFirst(value: Value): string {
    const onnx = this.#onnx;
    const [batch, heads, tokens, width] = value.shape as [number, number, number, number];
    const { operation, inputs } = value;
    if (operation.kind === 'rotary') return writeRotary(onnx, value, this.#tokensFirst(inputs[0]!));
    const swapped = swapsHeads(value)
      ? onnx.nameOf(inputs[0]!)
      : onnx.node('Transpose', [onnx.nameOf(value)], { perm: [0, 2, 1, 3] });
    return onnx.reshape(swapped, [batch, tokens, heads * width]);
  }
}

/** @param x what is turned, instead of the value's own operand */
export function writeRotary(
  onnx: OnnxWriter,
  { inputs }: Value,
  x: string = onnx.nameOf(inputs[0]!),
): string {
  const [positions, cosine, sine] = inputs.slice(1).map((operand) => onnx.nameOf(operand));
  const operands = [x, onnx.cast(positions!, 'int64'), cosine!, sine!];
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

/** Sequences come before heads: [batch, heads, tokens, w] ↔ [batch, tokens, heads, w]. */
function swapsHeads({ operation }: Value): boolean {
  return operation.kind === 'transpose' && operation.permutation.join() === '0,2,1,3';
}
