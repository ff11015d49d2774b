/** The layers that model families share. */
import {
  add,
  mean,
  multiply,
  reshape,
  rmsNormalize,
  sigmoid,
  subtract,
  tanh,
  transpose,
} from '../graph/ops.ts';
import type { Value } from '../graph/value.ts';
import type { ModelBuilder } from './builder.ts';

/** Root-mean-square norm (arXiv 1910.07467) with a learned gain; Gemma stores the gain less one. */
export function rmsNorm(
  builder: ModelBuilder,
  name: string,
  x: Value,
  { epsilon, gainOffset = 0 }: { epsilon: number; gainOffset?: number },
): Value {
  const gain = builder.parameter(`${name}.weight`, [x.shape.at(-1)!]);
  return multiply(rmsNormalize(x, epsilon), gainOffset === 0 ? gain : add(gain, gainOffset));
}

/** Layer norm (arXiv 1607.06450) with gain and bias: the root-mean-square norm of the centred row. */
export function layerNorm(builder: ModelBuilder, name: string, x: Value, epsilon: number): Value {
  const width = x.shape.at(-1)!;
  const normalized = rmsNormalize(subtract(x, mean(x)), epsilon);
  const scaled = multiply(normalized, builder.parameter(`${name}.weight`, [width]));
  return add(scaled, builder.parameter(`${name}.bias`, [width]));
}

/** [batch · tokens, heads · w] → [batch, heads, tokens, w]. */
export function splitHeads({ context }: ModelBuilder, x: Value, heads: number): Value {
  const width = x.shape[1]! / heads;
  return transpose(reshape(x, [context.batch, context.tokens, heads, width]), [0, 2, 1, 3]);
}

/** [batch, heads, tokens, w] → [batch · tokens, heads · w]. */
export function joinHeads({ context }: ModelBuilder, x: Value): Value {
  const [, heads, , width] = x.shape as [number, number, number, number];
  return reshape(transpose(x, [0, 2, 1, 3]), [context.batch * context.tokens, heads * width]);
}

/** x·σ(x), also called swish (arXiv 1702.03118). */
export function silu(x: Value): Value {
  return multiply(x, sigmoid(x));
}

/** GELU in its tanh form (arXiv 1606.08415): "gelu_new" and "gelu_pytorch_tanh" of Hugging Face. */
export function geluTanh(x: Value): Value {
  const cubic = multiply(multiply(x, multiply(x, x)), 0.044715);
  const inner = multiply(add(x, cubic), Math.sqrt(2 / Math.PI));
  return multiply(multiply(x, 0.5), add(tanh(inner), 1));
}
