/**
 * The answering end. One `serve` for each client: it checks what comes in, lets the answers work, checks what goes out,
 * and ends all work of a client that is gone.
 */
import type { z } from 'zod';
import type {
  Channel,
  Contract,
  Endpoint,
  InputOf,
  OutputOf,
  PacketOf,
  Rpc,
  ValueOf,
  WritableSignal,
} from './endpoint.ts';
import { toWireError, type WireError } from './errors.ts';
import { PACKETS_AHEAD, type ToClient, type ToServer, toServerSchema } from './messages.ts';
import type { Transport } from './transport.ts';

export interface SignalSource<Value> {
  read(): Value;
  /** Calls the listener after each change, until the returned function is called. */
  subscribe(listener: () => void): () => void;
}

/** For what follows from several values. */
export function subscribeToAll(
  sources: readonly Pick<SignalSource<unknown>, 'subscribe'>[],
  listener: () => void,
): () => void {
  const stops = sources.map((source) => source.subscribe(listener));
  return () => {
    for (const stop of stops) stop();
  };
}

export interface WritableSource<Value> extends SignalSource<Value> {
  write(value: Value): void | Promise<void>;
}

type Answer<E extends Endpoint> = E extends Rpc
  ? (input: InputOf<E>, signal: AbortSignal) => Answered<OutputOf<E>> | Promise<Answered<OutputOf<E>>>
  : E extends Channel
    ? (input: InputOf<E>, signal: AbortSignal) => AsyncIterable<PacketOf<E>>
    : E extends WritableSignal
      ? WritableSource<ValueOf<E>>
      : SignalSource<ValueOf<E>>;

/** What answers nothing may return nothing. */
// biome-ignore lint/suspicious/noConfusingVoidType: so that functions without a result can be answers as they are
type Answered<Output> = null extends Output ? Output | void : Output;

export type Answers<C extends Contract> = { readonly [Name in keyof C]: Answer<C[Name]> };

/** Throws, with all names, where a contract has endpoints without an answer or answers no endpoint asks for. */
export function assertAllAnswered(contract: Contract, answers: object): void {
  const missing = Object.keys(contract).filter((name) => !Object.hasOwn(answers, name));
  const unknown = Object.keys(answers).filter((name) => !Object.hasOwn(contract, name));
  if (missing.length > 0) throw new Error(`Nothing answers ${missing.join(', ')}.`);
  if (unknown.length > 0) throw new Error(`The contract has no ${unknown.join(', ')}.`);
}

export interface ServeOptions {
  /** Hears of errors that are not the lab's own, with all that is known of them. */
  readonly onUnexpected?: (error: unknown, endpoint: string) => void;
}

export function serve<C extends Contract>(
  contract: C,
  answers: Answers<C>,
  transport: Transport,
  { onUnexpected }: ServeOptions = {},
): void {
  assertAllAnswered(contract, answers);
  const work = new Map<number, Work>();
  const send = (message: ToClient) => transport.send(message);
  const endAll = () => {
    for (const { controller } of work.values()) controller.abort();
    work.clear();
  };
  transport.listen({
    opened: endAll,
    closed: endAll,
    received: (raw) => {
      const parsed = toServerSchema.safeParse(raw);
      if (parsed.success) void receive(parsed.data);
    },
  });

  async function receive(message: ToServer): Promise<void> {
    const { id } = message;
    if (message.kind === 'cancel') return work.get(id)?.controller.abort();
    if (message.kind === 'taken') return work.get(id)?.allow(message.packets);
    const one = new Work();
    work.set(id, one);
    try {
      await answer(message, one);
    } catch (error) {
      const wire = toWireError(error);
      if (wire.code === 'internal') onUnexpected?.(error, message.endpoint);
      if (work.get(id) === one) send({ kind: 'error', id, error: wire });
    } finally {
      if (work.get(id) === one) work.delete(id);
    }
  }

  async function answer(message: Exclude<ToServer, { kind: 'cancel' | 'taken' }>, one: Work): Promise<void> {
    const { id, endpoint: name } = message;
    const { signal } = one.controller;
    const { endpoint, answer: given } = find(name);
    switch (message.kind) {
      case 'call': {
        if (endpoint.kind !== 'rpc') return refuseKind(name);
        const input = check(endpoint.input, message.input, name);
        const output = await (given as Answer<Rpc>)(input, signal);
        if (!signal.aborted) send({ kind: 'answer', id, output: endpoint.output.parse(output ?? null) });
        return;
      }
      case 'open': {
        if (endpoint.kind !== 'channel') return refuseKind(name);
        const input = check(endpoint.input, message.input, name);
        for await (const packet of (given as Answer<Channel>)(input, signal)) {
          await one.room();
          if (signal.aborted) return;
          send({ kind: 'packet', id, packet: endpoint.packet.parse(packet) });
        }
        if (!signal.aborted) send({ kind: 'end', id });
        return;
      }
      case 'watch': {
        if (endpoint.kind !== 'signal' && endpoint.kind !== 'writable') return refuseKind(name);
        const source = given as SignalSource<unknown>;
        // Called by whoever changed the value, who cannot help it that it cannot be told: the next change is tried again.
        const tell = () => {
          try {
            send({ kind: 'value', id, value: endpoint.value.parse(source.read()) });
          } catch (error) {
            onUnexpected?.(error, name);
          }
        };
        const stop = source.subscribe(tell);
        tell();
        await one.aborted();
        return stop();
      }
      case 'set': {
        if (endpoint.kind !== 'writable') return refuseKind(name);
        const value = check(endpoint.value, message.value, name);
        await (given as WritableSource<unknown>).write(value);
        send({ kind: 'answer', id, output: null });
        return;
      }
      default:
        message satisfies never;
    }
  }

  function find(name: string): { endpoint: Endpoint; answer: unknown } {
    if (!Object.hasOwn(contract, name)) throw new Refusal(`There is no endpoint "${name}".`, name);
    return { endpoint: contract[name]!, answer: answers[name] };
  }
}

/** A call, channel or watch that is under way. */
class Work {
  readonly controller = new AbortController();
  #room = PACKETS_AHEAD;
  #wake: (() => void) | undefined;

  constructor() {
    this.controller.signal.addEventListener('abort', () => this.#wake?.());
  }

  allow(packets: number): void {
    this.#room += packets;
    this.#wake?.();
  }

  /** Waits until another packet may be sent, and counts it. */
  async room(): Promise<void> {
    while (this.#room <= 0 && !this.controller.signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#room--;
  }

  aborted(): Promise<void> {
    const { signal } = this.controller;
    return new Promise((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}

/** What a client asked that the contract does not allow. */
class Refusal extends Error implements WireError {
  readonly code = 'bad-argument';
  readonly data: Record<string, unknown>;

  constructor(message: string, endpoint: string) {
    super(message);
    this.data = { endpoint };
  }
}

function check<Schema extends z.ZodType>(schema: Schema, value: unknown, endpoint: string): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw new Refusal(`${path.length > 0 ? `${path.join('.')}: ` : ''}${message}.`, endpoint);
}

function refuseKind(name: string): never {
  throw new Refusal(`The endpoint "${name}" is of another kind.`, name);
}
