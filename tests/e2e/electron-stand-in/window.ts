/** BrowserWindow: a window of Chromium's without a screen. What would be seen of it is a state here. */
import { EventEmitter } from 'node:events';
import { preventable, type Represented, strictly } from './represented.ts';
import { happenings, running, send } from './runtime.ts';
import { record, recording } from './test-line.ts';
import { WebContents } from './web-contents.ts';

const windows = new Set<BrowserWindow>();

interface State {
  destroyed: boolean;
  visible: boolean;
  focused: boolean;
  minimized: boolean;
  maximized: boolean;
}

type Used =
  | ('id' | 'loadURL' | 'show' | 'focus' | 'close' | 'destroy' | 'isDestroyed' | 'isFocused' | 'restore')
  | ('isMinimized' | 'maximize' | 'isMaximized' | 'getBounds' | 'getNormalBounds');

export class BrowserWindow extends EventEmitter implements Represented<Electron.BrowserWindow, Used> {
  static #last = 0;

  static getAllWindows(): BrowserWindow[] {
    return [...windows];
  }

  static getFocusedWindow(): BrowserWindow | null {
    return BrowserWindow.getAllWindows().find((window) => window.isFocused()) ?? null;
  }

  readonly id = ++BrowserWindow.#last;
  readonly webContents: WebContents;
  readonly #target: Promise<string>;
  readonly #bounds: Electron.Rectangle;
  readonly #is: State = {
    destroyed: false,
    visible: false,
    focused: false,
    minimized: false,
    maximized: false,
  };

  constructor(options: Electron.BrowserWindowConstructorOptions = {}) {
    super();
    const { x = 0, y = 0, width = 800, height = 600, webPreferences = {} } = options;
    this.#bounds = { x, y, width, height };
    this.webContents = new WebContents(webPreferences, () => this.close());
    this.webContents.once('painted', () => this.emit('ready-to-show'));
    this.#target = this.#create();
    this.#target.catch((error) => record('window-failed', String(error)));
    windows.add(this);
    record('BrowserWindow', { id: this.id, options });
    happenings.emit('browser-window-created', preventable(), this);
    happenings.emit('web-contents-created', preventable(), this.webContents);
    if (options.show !== false) this.show();
  }

  async loadURL(url: string): Promise<void> {
    await this.#target;
    await this.webContents.load(url);
  }

  show(): void {
    this.#change('show', { visible: true });
    this.focus();
  }

  focus(): void {
    for (const window of windows) if (window !== this && window.isFocused()) window.blur();
    this.#change('focus', { focused: true });
    this.#target.then((targetId) => send('Target.activateTarget', { targetId })).catch(() => {});
    happenings.emit('browser-window-focus', preventable(), this);
  }

  blur(): void {
    this.#change('blur', { focused: false });
  }

  restore(): void {
    this.#change('restore', { minimized: false });
  }

  maximize(): void {
    this.#change('maximize', { maximized: true });
  }

  isFocused(): boolean {
    return this.#is.focused;
  }

  isMinimized(): boolean {
    return this.#is.minimized;
  }

  isMaximized(): boolean {
    return this.#is.maximized;
  }

  isDestroyed(): boolean {
    return this.#is.destroyed;
  }

  getBounds(): Electron.Rectangle {
    return { ...this.#bounds };
  }

  getNormalBounds(): Electron.Rectangle {
    return this.getBounds();
  }

  close(): void {
    if (this.#is.destroyed) return;
    const event = preventable();
    this.emit('close', event);
    if (!event.defaultPrevented) this.destroy();
  }

  destroy(): void {
    this.#target.then((targetId) => send('Target.closeTarget', { targetId })).catch(() => {});
    this.#closed();
  }

  async #create(): Promise<string> {
    const { width, height } = this.#bounds;
    const { targetId } = await send('Target.createTarget', {
      url: 'about:blank',
      newWindow: true,
      width,
      height,
    });
    await this.webContents.attach(targetId);
    running().on('Target.targetDestroyed', (gone) => {
      if (gone.targetId === targetId) this.#closed();
    });
    return targetId;
  }

  #change(event: string, change: Partial<State>): void {
    if (this.#is.destroyed) return;
    Object.assign(this.#is, change);
    record(`window.${event}`, this.id);
    this.emit(event);
  }

  #closed(): void {
    if (this.#is.destroyed) return;
    this.#is.destroyed = true;
    windows.delete(this);
    this.webContents.end();
    setImmediate(() => {
      this.emit('closed');
      if (windows.size === 0) happenings.emit('window-all-closed');
    });
  }
}

// Nothing of it is seen on a page.
Object.assign(BrowserWindow.prototype, recording('window', ['setProgressBar']));
strictly('BrowserWindow', BrowserWindow.prototype);
