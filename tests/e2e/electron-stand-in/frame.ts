/** A document of a window's main frame. Its preload script's world is the other end of messages and of ports. */
import { fromChromium, originOf } from './addresses.ts';
import type { PreloadMessage } from './page/isolated-world.ts';
import { type MessagePortMain, type PortMessage, Way } from './ports.ts';
import { strictly } from './represented.ts';
import { send } from './runtime.ts';
import { makeCodec } from './structured-clone.ts';
import { record } from './test-line.ts';

export const codec = makeCodec();

/** What a document belongs to. */
export interface FramePlace {
  /** Of the page in the DevTools protocol. */
  readonly session: string;
  /** Name of the function in the preload script's world that takes messages. */
  readonly receiver: string;
}

export class Frame extends Way {
  readonly parent = null;
  readonly frameToken: string;
  /** Of the preload script's world; without it the document cannot be spoken to. */
  world: string | undefined;
  #address: string;
  #isGone = false;
  readonly #place: FramePlace;

  /** @param address as Chromium has it */
  constructor(place: FramePlace, address: string, token: string) {
    super('main-');
    this.#place = place;
    this.#address = address;
    this.frameToken = token;
  }

  get url(): string {
    return fromChromium(this.#address);
  }

  get origin(): string {
    return originOf(this.url);
  }

  get top(): Frame {
    return this;
  }

  isDestroyed(): boolean {
    return this.#isGone;
  }

  send(channel: string, ...values: unknown[]): void {
    this.post({ kind: 'send', channel, values: codec.encode(values), ports: [] });
  }

  postMessage(channel: string, message: unknown, transfer: readonly MessagePortMain[] = []): void {
    this.post({ kind: 'send', channel, values: codec.encode([message]), ports: this.give(transfer) });
  }

  protected carry(message: PortMessage): void {
    this.post(message.kind === 'port' ? { ...message, data: codec.encode(message.data) } : message);
  }

  movedWithin(address: string): void {
    this.#address = address;
  }

  /** Another document takes its place, or the window closes. */
  leave(): void {
    this.#isGone = true;
    this.end();
  }

  post(message: PreloadMessage): void {
    if (this.#isGone || !this.world) {
      record('message-dropped', { message, url: this.url });
      return;
    }
    const { receiver, session } = this.#place;
    const text = JSON.stringify(JSON.stringify(message));
    send(
      'Runtime.evaluate',
      { expression: `globalThis[${JSON.stringify(receiver)}](${text})`, uniqueContextId: this.world },
      session,
    ).then(
      ({ exceptionDetails }) => {
        if (exceptionDetails) record('preload-exception', exceptionDetails.exception?.description);
      },
      () => {}, // The document has gone in the meantime.
    );
  }
}
strictly('WebFrameMain', Frame.prototype);
