/** One small expression per operation, for the tests of gradients and of runtimes. */
import { Random } from '../random.ts';
import { after } from './after.ts';
import { cachedAttention, writeTokens } from './cache-ops.ts';
import * as ops from './ops.ts';
import { type AttentionSettings, elementCount, type Shape, type Value } from './value.ts';

export function numbers(shape: Shape, seed = 1, scale = 1): Float32Array {
  const random = new Random(seed);
  return Float32Array.from({ length: elementCount(shape) }, () => random.normal() * scale);
}

/** Over inputs x, y (float32) and i (int32, below 5). */
export const EXPRESSIONS: Record<string, () => Value> = {
  negate: () => ops.negate(ops.input('x', [3, 4])),
  exp: () => ops.exp(ops.input('x', [3, 4])),
  log: () => ops.log(ops.exp(ops.input('x', [3, 4]))),
  sqrt: () => ops.sqrt(ops.exp(ops.input('x', [3, 4]))),
  tanh: () => ops.tanh(ops.input('x', [3, 4])),
  sigmoid: () => ops.sigmoid(ops.input('x', [3, 4])),
  'add, broadcast': () => ops.add(ops.input('x', [2, 3, 4]), ops.input('y', [3, 1])),
  'subtract, broadcast on the left': () => ops.subtract(ops.input('x', [4]), ops.input('y', [3, 4])),
  'multiply by a number': () => ops.multiply(ops.input('x', [3, 4]), 0.25),
  divide: () => ops.divide(ops.input('x', [3, 4]), ops.exp(ops.input('y', [4]))),
  'add, whole numbers': () => ops.add(ops.input('i', [3, 4], 'int32'), ops.input('j', [4], 'int32')),
  lessOrEqual: () => ops.lessOrEqual(ops.input('i', [6, 1], 'int32'), ops.input('j', [1, 6], 'int32')),
  equal: () => {
    const index = ops.input('i', [6], 'int32');
    return ops.equal(ops.reshape(index, [6, 1]), ops.reshape(index, [1, 6]));
  },
  matmul: () => ops.matmul(ops.input('x', [3, 4]), ops.input('y', [4, 5])),
  'matmul, both transposed': () =>
    ops.matmul(ops.input('x', [4, 3]), ops.input('y', [5, 4]), { transposeA: true, transposeB: true }),
  'matmul in batches, right transposed': () =>
    ops.matmul(ops.input('x', [2, 3, 3, 4]), ops.input('y', [2, 3, 5, 4]), { transposeB: true }),
  'matmul in batches, left transposed': () =>
    ops.matmul(ops.input('x', [2, 4, 3]), ops.input('y', [2, 4, 5]), { transposeA: true }),
  'after, of two others': () => after(ops.input('x', [3, 4]), [ops.input('y', [2]), ops.input('z', [])]),
  'after, of what is no number': () => {
    const noNumber = ops.log(ops.negate(ops.exp(ops.input('y', [2]))));
    return after(ops.input('x', [3, 4]), [noNumber]);
  },
  'after, of what reads the numbers that are written over': () => {
    const logits = ops.multiply(ops.input('x', [3, 4]), 2);
    const total = ops.sum(logits, [1]);
    return ops.concat([ops.softmax(after(logits, [total])), total], 1);
  },
  reshape: () => ops.reshape(ops.input('x', [3, 4]), [2, 6]),
  transpose: () => ops.transpose(ops.input('x', [2, 3, 4]), [2, 0, 1]),
  broadcast: () => ops.broadcast(ops.input('x', [3, 1]), [2, 3, 4]),
  slice: () => ops.slice(ops.input('x', [3, 6]), 1, 2, 5),
  pad: () => ops.pad(ops.input('x', [3, 4]), 0, 1, 2),
  concat: () => ops.concat([ops.input('x', [3, 4]), ops.input('y', [3, 2])], 1),
  sum: () => ops.sum(ops.input('x', [2, 3, 4]), [0, 2]),
  max: () => ops.max(ops.input('x', [3, 4])),
  argMax: () => ops.argMax(ops.input('x', [3, 4])),
  softmax: () => ops.softmax(ops.input('x', [3, 4])),
  gatherRows: () => ops.gatherRows(ops.input('x', [5, 4]), ops.input('i', [2, 3], 'int32')),
  'scatterRows, with an index that comes twice': () =>
    ops.scatterRows(ops.input('i', [6], 'int32'), ops.input('x', [6, 4]), 5),
  writeTokens: () =>
    writeTokens(ops.input('x', [2, 3, 6, 4]), ops.input('y', [2, 3, 2, 4]), ops.input('i', [2], 'int32')),
  'cachedAttention, one token of texts of different lengths': () =>
    attention({ heads: 4, tokens: 1, width: 8 }, { scale: 0.5 }),
  'cachedAttention, several tokens': () => attention({ heads: 2, tokens: 5, width: 8 }, { scale: 0.5 }),
  'cachedAttention, several tokens and a sliding window': () =>
    attention({ heads: 4, tokens: 6, width: 8 }, { scale: 0.5, slidingWindow: 2 }),
  'cachedAttention, sliding window and soft cap': () =>
    attention({ heads: 4, tokens: 1, width: 16 }, { scale: 0.5, slidingWindow: 3, softCap: 2 }),
  'cachedAttention, a window that holds all': () =>
    attention({ heads: 4, tokens: 1, width: 8 }, { scale: 0.5, slidingWindow: 64 }),
  'cachedAttention, heads of a width that is no multiple of 8': () =>
    attention({ heads: 4, tokens: 1, width: 6 }, { scale: 0.5, slidingWindow: 3 }),
  pick: () => ops.pick(ops.input('x', [4, 5]), ops.input('i', [4], 'int32')),
  addAtPick: () => ops.addAtPick(ops.input('x', [4, 5]), ops.input('i', [4], 'int32'), -1),
  rmsNormalize: () => ops.rmsNormalize(ops.input('x', [3, 8]), 1e-5),
  inverseRms: () => ops.inverseRms(ops.input('x', [3, 8]), 1e-5),
  rotary: () => {
    const [cosine, sine] = [
      ops.constant(numbers([5, 4], 2), [5, 4]),
      ops.constant(numbers([5, 4], 3), [5, 4]),
    ];
    return ops.rotary(ops.input('x', [2, 3, 4, 8]), ops.input('i', [2, 4], 'int32'), cosine, sine);
  },
};

/** Of new tokens to a cache of two key heads, into which they are written first. */
function attention(
  { heads, tokens, width }: { heads: number; tokens: number; width: number },
  settings: AttentionSettings,
): Value {
  const starts = tokens === 1 ? ops.input('i', [2], 'int32') : ops.constant(new Int32Array(2), [2]);
  const [keys, values] = [ops.input('x', [2, 2, 7, width]), ops.input('y', [2, 2, 7, width])];
  const [key, value] = [ops.input('k', [2, 2, tokens, width]), ops.input('v', [2, 2, tokens, width])];
  return cachedAttention(
    ops.input('q', [2, heads, tokens, width]),
    writeTokens(keys, key, starts),
    writeTokens(values, value, starts),
    starts,
    settings,
  );
}

/** Numbers for the inputs of EXPRESSIONS: indices stay below 5. */
export function sampleInput(value: Value): Float32Array | Int32Array {
  const { operation, shape, type } = value;
  if (operation.kind !== 'input') throw new Error('not an input');
  if (type === 'int32')
    return Int32Array.from({ length: elementCount(shape) }, (_, index) => (index * 3 + 1) % 5);
  return numbers(shape, operation.name.charCodeAt(0));
}
