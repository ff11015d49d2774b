/** webContents: the page in a window, its documents, and what they ask. */
import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Protocol } from 'devtools-protocol';
import { fromChromium, toChromium } from './addresses.ts';
import type { EventName } from './chromium.ts';
import { codec, Frame } from './frame.ts';
import { ipcMain } from './ipc-main.ts';
import type { PageMessage } from './page/isolated-world.ts';
import { pageScripts, WORLD } from './page-scripts.ts';
import { preventable, strictly } from './represented.ts';
import { happenings, running, send } from './runtime.ts';
import { record } from './test-line.ts';

type OpenHandler = Parameters<Electron.WebContents['setWindowOpenHandler']>[0];

const all = new Map<string, WebContents>();

export function contentsOfFrame(frame: string): WebContents | undefined {
  return all.get(frame);
}

export class WebContents extends EventEmitter {
  static #last = 0;
  readonly id = ++WebContents.#last;
  readonly #preferences: Electron.WebPreferences;
  readonly #close: () => void;
  /** Names that no page can guess: of the binding, of the receiver, of the event that brings the bridge. */
  readonly #names = { secret: randomUUID(), binding: `__${randomUUID()}`, receiver: `__${randomUUID()}` };
  /** Addresses that the page itself wants to go to; decided about when their request comes. */
  readonly #wanted = new Set<string>();
  #openHandler: OpenHandler = () => ({ action: 'allow' });
  #session = '';
  #frameId = '';
  #frame = this.#document('about:blank', '');

  /** @param close of the window */
  constructor(preferences: Electron.WebPreferences, close: () => void) {
    super();
    const { sandbox, contextIsolation, nodeIntegration, webSecurity } = preferences;
    if (sandbox === false || contextIsolation === false || nodeIntegration || webSecurity === false)
      throw new Error('The Electron stand-in represents only sandboxed pages with context isolation.');
    this.#preferences = preferences;
    this.#close = close;
  }

  /** Its name in the DevTools protocol. */
  get protocolSession(): string {
    return this.#session;
  }

  get mainFrame(): Frame {
    return this.#frame;
  }

  getURL(): string {
    return this.#frame.url === 'about:blank' ? '' : this.#frame.url;
  }

  isDestroyed(): boolean {
    return this.#frame.isDestroyed();
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#openHandler = handler;
  }

  send(channel: string, ...values: unknown[]): void {
    this.#frame.send(channel, ...values);
  }

  postMessage(...given: Parameters<Frame['postMessage']>): void {
    this.#frame.postMessage(...given);
  }

  reload(): void {
    send('Page.reload', {}, this.#session).catch(() => {});
  }

  close(): void {
    this.#close();
  }

  /** @param target in Chromium; a page's target is named after its main frame */
  async attach(target: string): Promise<void> {
    this.#frameId = target;
    all.set(target, this);
    const { sessionId } = await send('Target.attachToTarget', { targetId: target, flatten: true });
    this.#session = sessionId;
    this.#listen();
    const scripts = pageScripts(this.#preferences, this.#names);
    await Promise.all([
      send('Page.enable', {}, sessionId),
      send('Page.setLifecycleEventsEnabled', { enabled: true }, sessionId),
      send('Runtime.enable', {}, sessionId),
      send('Inspector.enable', {}, sessionId),
      send('Runtime.addBinding', { name: this.#names.binding, executionContextName: WORLD }, sessionId),
      ...scripts.map((script) => send('Page.addScriptToEvaluateOnNewDocument', script, sessionId)),
    ]);
  }

  /** @throws as Electron does where the page cannot be loaded */
  async load(url: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.once('did-finish-load', () => resolve());
    const { errorText } = await send('Page.navigate', { url: toChromium(url) }, this.#session);
    if (errorText) {
      const code = errorText.replace('net::', '');
      this.emit('did-fail-load', preventable(), -2, code, url, true);
      throw Object.assign(new Error(`${code} (-2) loading '${url}'`), { code, errno: -2, url });
    }
    await promise;
  }

  /** Only what the page itself began is put to the app; its wish has come by now, on the same ordered channel. */
  mayNavigate(address: string): boolean {
    return this.#wanted.delete(address) ? this.#askWillNavigate(address) : true;
  }

  end(): void {
    this.#frame.leave();
    all.delete(this.#frameId);
    this.emit('destroyed');
  }

  #listen(): void {
    const on = <Name extends EventName>(name: Name, listener: (details: Protocol.Events[Name]) => void) =>
      running().on(name, listener, this.#session);
    on('Page.frameNavigated', ({ frame }) => {
      if (frame.id === this.#frameId) this.#navigated(frame);
    });
    on('Page.navigatedWithinDocument', ({ frameId, url }) => {
      if (frameId !== this.#frameId) return;
      this.#frame.movedWithin(url);
      this.emit('did-navigate-in-page', preventable(), this.getURL(), true);
    });
    on('Runtime.executionContextCreated', ({ context }) => {
      const { frameId } = context.auxData as { frameId?: string };
      if (context.name === WORLD && frameId === this.#frameId) this.#frame.world = context.uniqueId;
    });
    on('Runtime.bindingCalled', ({ name, payload }) => {
      if (name === this.#names.binding) this.#received(this.#frame, JSON.parse(payload));
    });
    on('Page.frameRequestedNavigation', ({ frameId, disposition, url }) => {
      if (frameId !== this.#frameId || disposition !== 'currentTab') return;
      if (/^https?:/.test(url)) this.#wanted.add(url);
      else this.#askWillNavigate(url);
    });
    on('Page.windowOpen', ({ url, windowName }) => this.#askWindowOpen(fromChromium(url), windowName));
    on('Page.lifecycleEvent', ({ frameId, loaderId, name }) => {
      if (frameId !== this.#frameId || loaderId !== this.#frame.frameToken) return;
      if (name === 'DOMContentLoaded') this.emit('dom-ready', preventable());
      if (name === 'load') this.emit('did-finish-load', preventable());
      if (name === 'firstPaint' || name === 'load') this.emit('painted');
    });
    on('Inspector.targetCrashed', () => {
      this.#frame.leave();
      const details = { reason: 'crashed', exitCode: 5 };
      this.emit('render-process-gone', preventable(), details);
      happenings.emit('render-process-gone', preventable(), this, details);
    });
  }

  #navigated({ url, loaderId }: Protocol.Page.Frame): void {
    this.#wanted.clear();
    this.#frame.leave();
    this.#frame = this.#document(url, loaderId);
    happenings.emit('document-loaded', this, url);
    this.emit('did-navigate', preventable(), this.getURL(), 200, 'OK');
  }

  #document(address: string, token: string): Frame {
    return new Frame({ session: this.#session, receiver: this.#names.receiver }, address, token);
  }

  #received(frame: Frame, message: PageMessage): void {
    const event = { ...preventable(), sender: this, senderFrame: frame };
    if (message.kind === 'send') {
      const values = codec.decode(message.values) as unknown[];
      ipcMain.emit(message.channel, { ...event, ports: frame.take(message.ports) }, ...values);
    } else if (message.kind === 'preload-error') {
      record('preload-error', message.error);
      this.emit('preload-error', preventable(), this.#preferences.preload, new Error(message.error));
    } else {
      frame.arrived(message.kind === 'port' ? { ...message, data: codec.decode(message.data) } : message);
    }
  }

  #askWillNavigate(address: string): boolean {
    const url = fromChromium(address);
    const event = preventable({ url, isSameDocument: false, isMainFrame: true, frame: this.#frame });
    this.emit('will-navigate', event, url);
    record('will-navigate', { url, isPrevented: event.defaultPrevented });
    return !event.defaultPrevented;
  }

  #askWindowOpen(url: string, frameName: string): void {
    const { action } = this.#openHandler({
      url,
      frameName,
      features: '',
      disposition: 'new-window',
      referrer: { url: '', policy: 'default' },
    });
    record('window-open', { url, action });
    if (action === 'allow')
      throw new Error('The Electron stand-in does not represent windows that pages open.');
  }
}
strictly('webContents', WebContents.prototype);
