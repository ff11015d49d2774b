/** Both ends over the in-process way, with lost connections and clients and servers that send nonsense. */
import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import { z } from 'zod';
import { Client } from './client.ts';
import { channel, rpc, signal, writableSignal } from './endpoint.ts';
import { RemoteError } from './errors.ts';
import { PACKETS_AHEAD } from './messages.ts';
import { type Answers, assertAllAnswered, serve } from './server.ts';
import { inProcessPair } from './transport.ts';

const contract = {
  double: rpc(z.object({ number: z.number() }), z.number()),
  wait: rpc(z.null(), z.null()),
  fail: rpc(z.string(), z.null()),
  lie: rpc(z.null(), z.number()),
  count: channel(z.object({ from: z.number(), to: z.number() }), z.number(), (input, last) => ({
    ...input,
    from: last + 1,
  })),
  temperature: signal(z.number()),
  theme: writableSignal(z.enum(['light', 'dark'])),
};

class Box<Value> {
  #value: Value;
  readonly listeners = new Set<() => void>();

  constructor(value: Value) {
    this.#value = value;
  }

  read = () => this.#value;

  write = (value: Value) => {
    this.#value = value;
    for (const listener of this.listeners) listener();
  };

  subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}

function open() {
  const state = {
    temperature: new Box(20),
    theme: new Box<'light' | 'dark'>('light'),
    aborted: [] as string[],
    sent: 0,
    unexpected: [] as unknown[],
  };
  const answers: Answers<typeof contract> = {
    double: ({ number }) => number * 2,
    wait: (_, aborting) =>
      new Promise((resolve) => {
        aborting.addEventListener('abort', () => {
          state.aborted.push('wait');
          resolve(null);
        });
      }),
    fail: (kind) => {
      if (kind === 'lab')
        throw Object.assign(new Error('The disk is full.'), { code: 'disk-full', data: { free: 0 } });
      throw Object.assign(new Error('open /secret'), { code: 'ENOENT' });
    },
    lie: () => 'no number' as unknown as number,
    count: async function* ({ from, to }, aborting) {
      try {
        for (let number = from; number <= to; number++) {
          state.sent = number;
          yield number;
        }
      } finally {
        if (aborting.aborted) state.aborted.push('count');
      }
    },
    temperature: state.temperature,
    theme: state.theme,
  };
  const pair = inProcessPair();
  serve(contract, answers, pair.server, { onUnexpected: (error) => state.unexpected.push(error) });
  return { ...pair, state, client: new Client(contract, pair.client) };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('a contract', () => {
  it('gives answers, with the types of its schemas', async () => {
    const { client } = open();
    expect(await client.call('double', { number: 4 })).toBe(8);
    expectTypeOf(client.call<'double'>)
      .parameter(1)
      .toEqualTypeOf<{ number: number }>();
    expectTypeOf(client.call<'double'>).returns.resolves.toBeNumber();
    // @ts-expect-error a channel is not called
    expectTypeOf(client.call<'count'>).toBeFunction();
  });

  it('must be answered as a whole before it serves', () => {
    expect(() => assertAllAnswered(contract, { double: () => 0 })).toThrow(/wait, fail, lie, count/);
    expect(() => assertAllAnswered({}, { extra: 1 })).toThrow('extra');
  });

  it('refuses input that does not fit, and names no inner workings of failures', async () => {
    const { client, state } = open();
    const bad = client.call('double', { number: 'x' } as unknown as { number: number });
    await expect(bad).rejects.toMatchObject({ code: 'bad-argument', message: /number/ });
    await expect(client.call('fail', 'lab')).rejects.toMatchObject({
      code: 'disk-full',
      message: 'The disk is full.',
      data: { free: 0 },
    });
    const inner = await client.call('fail', 'system').catch((error: RemoteError) => error);
    expect(inner).toMatchObject({ code: 'internal', message: expect.not.stringContaining('secret') });
    await expect(client.call('lie', null)).rejects.toMatchObject({ code: 'internal' });
    expect(state.unexpected).toHaveLength(2);
  });

  it('ignores messages that are none, and refuses unknown endpoints and wrong kinds', async () => {
    const pair = inProcessPair();
    const answer = new Box(1);
    serve({ temperature: signal(z.number()) }, { temperature: answer }, pair.server);
    const received: unknown[] = [];
    pair.client.listen({ opened: () => {}, closed: () => {}, received: (message) => received.push(message) });
    for (const nonsense of [null, 'x', { kind: 'call' }, { kind: 'open', id: -1, endpoint: 'temperature' }])
      pair.client.send(nonsense);
    pair.client.send({ kind: 'call', id: 1, endpoint: 'toString', input: null });
    pair.client.send({ kind: 'call', id: 2, endpoint: 'temperature', input: null });
    await settled();
    const refused = (id: number) => ({
      kind: 'error',
      id,
      error: expect.objectContaining({ code: 'bad-argument' }),
    });
    expect(received).toEqual([refused(1), refused(2)]);
  });

  it('stops the work of a call that is cancelled, or whose client is gone', async () => {
    const { client, state, disconnect } = open();
    const controller = new AbortController();
    const cancelled = client.call('wait', null, controller.signal);
    await settled();
    controller.abort();
    await expect(cancelled).rejects.toThrow(/abort/);
    const lost = client.call('wait', null);
    await settled();
    disconnect();
    await expect(lost).rejects.toMatchObject({ code: 'disconnected' });
    await expect(client.call('double', { number: 1 })).rejects.toMatchObject({ code: 'disconnected' });
    expect(state.aborted).toEqual(['wait', 'wait']);
  });

  it('carries a channel to its end, in order', async () => {
    const { client } = open();
    const seen: number[] = [];
    await client.open('count', { from: 1, to: 100 }, { onPacket: (number) => void seen.push(number) });
    expect(seen).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  });

  it('sends no more packets ahead than the client takes', async () => {
    const { client, state } = open();
    const controller = new AbortController();
    const stuck = client.open(
      'count',
      { from: 1, to: 10_000 },
      { onPacket: () => new Promise(() => {}), signal: controller.signal },
    );
    await settled();
    expect(state.sent).toBeLessThanOrEqual(PACKETS_AHEAD + 1);
    controller.abort();
    await expect(stuck).rejects.toThrow(/abort/);
    await settled();
    expect(state.aborted).toEqual(['count']);
  });

  it('goes on with a channel where a lost connection cut it, without gaps and without repeats', async () => {
    const { client, disconnect, connect } = open();
    const seen: number[] = [];
    const whole = client.open(
      'count',
      { from: 1, to: 500 },
      {
        onPacket: async (number) => {
          seen.push(number);
          if (number % 100 === 50) {
            disconnect();
            await settled();
            connect();
          }
        },
      },
    );
    await whole;
    expect(seen).toEqual(Array.from({ length: 500 }, (_, index) => index + 1));
  });

  it('ends a channel whose packets the client cannot handle', async () => {
    const { client, state } = open();
    const failing = client.open(
      'count',
      { from: 1, to: 10_000 },
      {
        onPacket: () => {
          throw new Error('no room on the screen');
        },
      },
    );
    await expect(failing).rejects.toThrow('no room');
    await settled();
    expect(state.aborted).toEqual(['count']);
  });

  it('shows a value and its changes, again after a lost connection, until nobody watches', async () => {
    const { client, state, disconnect, connect } = open();
    const seen = vi.fn();
    const stop = client.watch('temperature', seen);
    await settled();
    state.temperature.write(21);
    await settled();
    disconnect();
    state.temperature.write(30);
    connect();
    await settled();
    stop();
    await settled();
    state.temperature.write(50);
    await settled();
    expect(seen.mock.calls.flat()).toEqual([20, 21, 30]);
    expect(state.temperature.listeners.size).toBe(0);
  });

  it('keeps who changes a value out of it where that cannot be told, and tells the next one', async () => {
    const { client, state } = open();
    const seen = vi.fn();
    client.watch('temperature', seen);
    await settled();
    expect(() => state.temperature.write('hot' as unknown as number)).not.toThrow();
    state.temperature.write(30);
    await settled();
    expect(seen.mock.calls).toEqual([[20], [30]]);
    expect(state.unexpected).toHaveLength(1);
  });

  it('sets a writable value for all who watch', async () => {
    const { client, state } = open();
    const seen = vi.fn();
    client.watch('theme', seen);
    await client.set('theme', 'dark');
    await settled();
    expect(state.theme.read()).toBe('dark');
    expect(seen.mock.calls.flat()).toEqual(['light', 'dark']);
    const wrong = client.set('theme', 'pink' as 'dark');
    await expect(wrong).rejects.toBeInstanceOf(RemoteError);
  });
});
