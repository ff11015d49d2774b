/**
 * contextBridge between the page's world and the preload script's: synchronous calls over an event target that only the
 * two have. An event's detail is cloned into the other world. Sent as source, so it refers to nothing outside itself.
 */

/** A value on its way: functions stay where they are and go by their number; promises are refused. */
type Packed =
  | { readonly kind: 'function'; readonly id: number }
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'array'; readonly items: readonly Packed[] }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [string, Packed])[] }
  | { readonly kind: 'value'; readonly value: unknown };

type Message =
  | { readonly kind: 'call'; readonly id: number; readonly given: readonly Packed[] }
  | { readonly kind: 'expose'; readonly key: string; readonly value: Packed }
  | { readonly kind: 'answer'; readonly value: Packed }
  | { readonly kind: 'refusal'; readonly message: string };

export interface Bridge {
  /** Gives the page something under this name. */
  expose(key: string, value: unknown): void;
  onExpose(listener: (key: string, value: unknown) => void): void;
}

/** @param own name of the events that come to this end; @param others of those that go to the other */
export function makeBridge(bus: EventTarget, own: string, others: string): Bridge {
  // The page may replace what it finds on prototypes; the bridge keeps what it began with.
  const dispatch = EventTarget.prototype.dispatchEvent;
  const BridgeEvent = CustomEvent;
  const functions = new Map<number, (...given: unknown[]) => unknown>();
  let exposed: (key: string, value: unknown) => void = () => {};
  let last = 0;
  /** Of the question that is being asked: the other end answers while its event is dispatched. */
  let answers: Message[] = [];

  function ask(message: Message): Packed {
    answers = [];
    dispatch.call(bus, new BridgeEvent(others, { detail: message }));
    const [given] = answers;
    if (given === undefined) throw new Error('An object could not be cloned.');
    if (given.kind === 'refusal') throw new Error(given.message);
    if (given.kind !== 'answer') throw new Error('The bridge gave no answer.');
    return given.value;
  }

  function pack(value: unknown): Packed {
    if (typeof value === 'function') {
      functions.set(++last, value as (...given: unknown[]) => unknown);
      return { kind: 'function', id: last };
    }
    if (value instanceof Error) return { kind: 'error', message: value.message };
    if (Array.isArray(value)) return { kind: 'array', items: value.map(pack) };
    if (Object.prototype.toString.call(value) === '[object Object]') {
      const entries = Object.entries(value as object).map(([key, one]) => [key, pack(one)] as const);
      return { kind: 'object', entries };
    }
    return { kind: 'value', value };
  }

  function unpack(packed: Packed): unknown {
    switch (packed.kind) {
      case 'function':
        return (...given: unknown[]) => unpack(ask({ kind: 'call', id: packed.id, given: given.map(pack) }));
      case 'error':
        return new Error(packed.message);
      case 'array':
        return packed.items.map(unpack);
      case 'object':
        return Object.fromEntries(packed.entries.map(([key, one]) => [key, unpack(one)]));
      default:
        return packed.value;
    }
  }

  function handle(message: Message): Packed {
    if (message.kind === 'call') {
      const called = functions.get(message.id);
      if (!called) throw new Error('The bridge has no such function.');
      return pack(called(...message.given.map(unpack)));
    }
    if (message.kind === 'expose') exposed(message.key, unpack(message.value));
    return { kind: 'value', value: undefined };
  }

  function reply(message: Message): Message {
    try {
      return { kind: 'answer', value: handle(message) };
    } catch (error) {
      return { kind: 'refusal', message: error instanceof Error ? error.message : String(error) };
    }
  }

  bus.addEventListener(own, (event) => {
    const message = (event as CustomEvent<Message | null>).detail;
    // What could not be cloned comes as nothing; who asked gets no answer.
    if (!message) return;
    if (message.kind === 'answer' || message.kind === 'refusal') answers = [message];
    else dispatch.call(bus, new BridgeEvent(others, { detail: reply(message) }));
  });

  return {
    expose: (key, value) => {
      ask({ kind: 'expose', key, value: pack(value) });
    },
    onExpose: (listener) => {
      exposed = listener;
    },
  };
}
