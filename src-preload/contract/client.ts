/**
 * The asking end. It outlives its connection: when the way is open again, watches and channels go on where they were;
 * calls that were under way fail as "disconnected", because nobody knows whether they were done.
 */
import type {
  Channel,
  Contract,
  InputOf,
  NamesOf,
  OutputOf,
  PacketOf,
  Rpc,
  Signal,
  ValueOf,
} from './endpoint.ts';
import { RemoteError } from './errors.ts';
import { PACKETS_AHEAD, type ToClient, type ToServer, toClientSchema } from './messages.ts';
import type { Transport } from './transport.ts';

export interface OpenOptions<Packet> {
  /** Called for each packet, in order; the next one comes when it is done. */
  readonly onPacket: (packet: Packet) => void | Promise<void>;
  readonly signal?: AbortSignal;
}

/** What waits for messages of one id. */
interface Pending {
  received(message: ToClient): void;
  /** The way is open again. Undefined: it cannot go on. */
  readonly reopen: (() => ToServer) | undefined;
  fail(error: Error): void;
}

/** Packets are acknowledged in groups. */
const TAKEN_TOGETHER = PACKETS_AHEAD / 2;

export class Client<C extends Contract> {
  readonly #contract: C;
  readonly #transport: Transport;
  readonly #pending = new Map<number, Pending>();
  #nextId = 0;
  #open = false;

  constructor(contract: C, transport: Transport) {
    this.#contract = contract;
    this.#transport = transport;
    transport.listen({
      opened: () => this.#opened(),
      received: (raw) => this.#received(raw),
      closed: () => this.#closed(),
    });
  }

  /** Throws RemoteError: the other end's error, or "disconnected". */
  call<Name extends NamesOf<C, 'rpc'>>(
    name: Name,
    input: InputOf<C[Name]>,
    signal?: AbortSignal,
  ): Promise<OutputOf<C[Name]>> {
    const { output } = this.#contract[name] as Rpc;
    return this.#request((id) => ({ kind: 'call', id, endpoint: name, input }), signal).then(
      (answer) => output.parse(answer) as OutputOf<C[Name]>,
    );
  }

  async set<Name extends NamesOf<C, 'writable'>>(name: Name, value: ValueOf<C[Name]>): Promise<void> {
    await this.#request((id) => ({ kind: 'set', id, endpoint: name, value }));
  }

  /** Follows a channel to its end, over lost connections. Ends with the signal's reason when it is aborted. */
  open<Name extends NamesOf<C, 'channel'>>(
    name: Name,
    input: InputOf<C[Name]>,
    { onPacket, signal }: OpenOptions<PacketOf<C[Name]>>,
  ): Promise<void> {
    const endpoint = this.#contract[name] as Channel;
    let next: unknown = input;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const id = this.#nextId++;
      const message = (): ToServer => ({ kind: 'open', id, endpoint: name, input: next });
      let taken = 0;
      // Packets are handed over one after the other, also where the handler takes its time.
      let handed: Promise<void> = Promise.resolve();
      const finish = this.#endingOf(id, reject, signal);
      const fail = (error: unknown) => finish(() => reject(error));
      const stop = (error: unknown) => {
        this.#send({ kind: 'cancel', id });
        fail(error);
      };
      const take = (raw: unknown) => {
        const packet = endpoint.packet.parse(raw);
        // What has arrived will be handed over, whatever becomes of the connection: going on begins after it.
        next = endpoint.resume(next, packet);
        handed = handed.then(async () => {
          if (!this.#pending.has(id)) return;
          await onPacket(packet as PacketOf<C[Name]>);
          if (++taken % TAKEN_TOGETHER === 0) this.#send({ kind: 'taken', id, packets: TAKEN_TOGETHER });
        });
        handed.catch(stop);
      };
      this.#pending.set(id, {
        received: (incoming) => {
          if (incoming.kind === 'packet') {
            try {
              take(incoming.packet);
            } catch (error) {
              stop(error);
            }
          } else if (incoming.kind === 'end') void handed.then(() => finish(resolve));
          else if (incoming.kind === 'error') void handed.then(() => fail(new RemoteError(incoming.error)));
        },
        reopen: () => {
          taken = 0;
          return message();
        },
        fail,
      });
      this.#send(message());
    });
  }

  /** Calls the listener with the value now and after each change, until the returned function is called. */
  watch<Name extends NamesOf<C, 'signal' | 'writable'>>(
    name: Name,
    listener: (value: ValueOf<C[Name]>) => void,
  ): () => void {
    const { value } = this.#contract[name] as Signal;
    const id = this.#nextId++;
    const message: ToServer = { kind: 'watch', id, endpoint: name };
    this.#pending.set(id, {
      received: (incoming) => {
        if (incoming.kind === 'value') listener(value.parse(incoming.value) as ValueOf<C[Name]>);
      },
      reopen: () => message,
      fail: () => {},
    });
    this.#send(message);
    return () => {
      this.#pending.delete(id);
      this.#send({ kind: 'cancel', id });
    };
  }

  /** Ends everything; the client cannot be used again. */
  close(): void {
    this.#transport.close();
    for (const pending of [...this.#pending.values()]) pending.fail(disconnected());
    this.#pending.clear();
  }

  #request(message: (id: number) => ToServer, signal?: AbortSignal): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      if (!this.#open) return reject(disconnected());
      const id = this.#nextId++;
      const finish = this.#endingOf(id, reject, signal);
      this.#pending.set(id, {
        received: (incoming) => {
          if (incoming.kind === 'answer') finish(() => resolve(incoming.output));
          else if (incoming.kind === 'error') finish(() => reject(new RemoteError(incoming.error)));
        },
        reopen: undefined,
        fail: (error) => finish(() => reject(error)),
      });
      this.#send(message(id));
    });
  }

  /** How what waits under this id ends: once, by the returned function, or cancelled by the signal. */
  #endingOf(
    id: number,
    reject: (reason: unknown) => void,
    signal: AbortSignal | undefined,
  ): (settle: () => void) => void {
    const finish = (settle: () => void) => {
      this.#pending.delete(id);
      signal?.removeEventListener('abort', abort);
      settle();
    };
    const abort = () => {
      this.#send({ kind: 'cancel', id });
      finish(() => reject(signal?.reason));
    };
    signal?.addEventListener('abort', abort);
    return finish;
  }

  #send(message: ToServer): void {
    if (this.#open) this.#transport.send(message);
  }

  #opened(): void {
    this.#open = true;
    for (const { reopen } of [...this.#pending.values()]) if (reopen) this.#transport.send(reopen());
  }

  #closed(): void {
    this.#open = false;
    for (const { reopen, fail } of [...this.#pending.values()]) if (!reopen) fail(disconnected());
  }

  #received(raw: unknown): void {
    const parsed = toClientSchema.safeParse(raw);
    if (parsed.success) this.#pending.get(parsed.data.id)?.received(parsed.data);
  }
}

function disconnected(): RemoteError {
  return new RemoteError({
    code: 'disconnected',
    message: 'The connection to the lab was lost. It is being made again; please try once more.',
    data: {},
  });
}
