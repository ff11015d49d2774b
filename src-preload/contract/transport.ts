/** The way between the two ends: messages in order, as structured clones or JSON would carry them. */

export interface TransportListener {
  /** The way is open, for the first time or again: nothing of before is known to the other end. */
  opened(): void;
  received(message: unknown): void;
  closed(): void;
}

export interface Transport {
  /** Messages sent while the way is closed are lost. */
  send(message: unknown): void;
  /** One listener; `opened` comes at once where the way is open already. */
  listen(listener: TransportListener): void;
  close(): void;
}

/** Two ends in one process, for the command line and for tests. `disconnect` and `connect` make a broken way. */
export function inProcessPair(): {
  readonly client: Transport;
  readonly server: Transport;
  disconnect(): void;
  connect(): void;
} {
  let open = true;
  const ends = [new InProcessEnd(), new InProcessEnd()] as const;
  const [client, server] = ends;
  const deliver = (to: InProcessEnd) => (message: unknown) => {
    if (!open) return;
    const copy = structuredClone(message);
    queueMicrotask(() => open && to.listener?.received(copy));
  };
  client.deliver = deliver(server);
  server.deliver = deliver(client);
  const setOpen = (next: boolean) => {
    if (open === next) return;
    open = next;
    // The server is ready before the client speaks.
    for (const { listener } of [server, client]) {
      if (next) listener?.opened();
      else listener?.closed();
    }
  };
  for (const end of ends) end.onClose = () => setOpen(false);
  return { client, server, disconnect: () => setOpen(false), connect: () => setOpen(true) };
}

class InProcessEnd implements Transport {
  listener: TransportListener | undefined;
  deliver: (message: unknown) => void = () => {};
  onClose: () => void = () => {};

  send(message: unknown): void {
    this.deliver(message);
  }

  listen(listener: TransportListener): void {
    this.listener = listener;
    listener.opened();
  }

  close(): void {
    this.onClose();
  }
}
