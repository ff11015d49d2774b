import { describe, expect, it } from 'vitest';
import { cachedAttention, writeTokens } from '../../graph/cache-ops.ts';
import { buildGraph } from '../../graph/graph.ts';
import { add, input } from '../../graph/ops.ts';
import { separateCacheWrites } from './cache-writes.ts';
import { CpuRuntime } from './cpu-runtime.ts';

const [BATCH, HEADS, CAPACITY, WIDTH] = [2, 2, 7, 4];
const TOTAL = BATCH * HEADS * CAPACITY * WIDTH;

/** A step of attention as a decoder takes it: keys and values are written into caches, whose memory the results take over. */
function step(tokens: number) {
  const starts = input('starts', [BATCH], 'int32');
  const [query, key, value] = ['query', 'key', 'value'].map((name) =>
    input(name, [BATCH, HEADS, tokens, WIDTH]),
  ) as [ReturnType<typeof input>, ReturnType<typeof input>, ReturnType<typeof input>];
  const written = (name: string, fresh: typeof key) =>
    writeTokens(input(`old ${name}`, [BATCH, HEADS, CAPACITY, WIDTH]), add(fresh, 1), starts);
  const [keys, values] = [written('keys', key), written('values', value)];
  const attended = cachedAttention(query, keys, values, starts, { scale: 0.5 });
  return buildGraph({ attended, keys, values }, { keys: 'old keys', values: 'old values' });
}

function numbers(count: number, factor: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => Math.sin(factor * (index + 1)));
}

describe('a cache that a step writes into', () => {
  it.each([
    { tokens: 1, starts: [3, 6] },
    { tokens: 1, starts: [0, 0] },
    { tokens: 5, starts: [0, 0] },
    { tokens: 2, starts: [3, 1] },
  ])(
    'is the same tensor afterwards, with $tokens new tokens at $starts and all else as it was',
    async ({ tokens, starts }) => {
      const runtime = new CpuRuntime(1);
      const program = await runtime.compile(step(tokens));
      const fresh = [BATCH, HEADS, tokens, WIDTH];
      const size = BATCH * HEADS * tokens * WIDTH;
      const whole = [BATCH, HEADS, CAPACITY, WIDTH];
      const old = runtime.upload(numbers(TOTAL, 0.3), whole);
      const outputs = await program.run({
        starts: runtime.upload(Int32Array.from(starts), [BATCH]),
        query: runtime.upload(numbers(size, 0.7), fresh),
        key: runtime.upload(numbers(size, 0.9), fresh),
        value: runtime.upload(numbers(size, 1.1), fresh),
        'old keys': old,
        'old values': runtime.upload(numbers(TOTAL, 0.5), whole),
      });
      expect(outputs.keys).toBe(old);
      const expected = numbers(TOTAL, 0.3);
      const added = numbers(size, 0.9).map((number) => number + 1);
      for (let row = 0; row < BATCH * HEADS; row++)
        for (let token = 0; token < tokens; token++) {
          const from = (row * tokens + token) * WIDTH;
          const place = row * CAPACITY + starts[Math.floor(row / HEADS)]! + token;
          expected.set(added.subarray(from, from + WIDTH), place * WIDTH);
        }
      expect(await outputs.keys!.read()).toEqual(expected);
      await program.release();
    },
  );

  it('is no output of the session, which would copy it', () => {
    const { graph, writes } = separateCacheWrites(step(1));
    expect([...writes.keys()]).toEqual(['keys', 'values']);
    expect([...graph.outputs.values()].map(({ shape }) => shape[2])).toEqual([1, 1, 1]);
    expect(graph.sharing.size).toBe(0);
  });

  it('stays an output where it takes over no memory', () => {
    const whole = { ...step(1), sharing: new Map() };
    const { graph, writes } = separateCacheWrites(whole);
    expect(writes.size).toBe(0);
    expect(graph.outputs.get('keys')!.shape[2]).toBe(CAPACITY);
  });
});
