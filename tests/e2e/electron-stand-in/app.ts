/** app: when it is ready, how it quits, where its folders are. */
import { EventEmitter } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { interceptRequests } from './network.ts';
import { preventable, type Represented, strictly } from './represented.ts';
import { happenings, isStarted, running, startChromium, stopChromium } from './runtime.ts';
import { lockInstance } from './single-instance.ts';
import { onCommand, recording, tell } from './test-line.ts';
import { BrowserWindow } from './window.ts';

const FOLDER = process.env.STANDIN_APP_FOLDER ?? process.cwd();
const TOLD_ON = [
  'browser-window-created',
  'web-contents-created',
  'browser-window-focus',
  'render-process-gone',
  'child-process-gone',
];

type PathName = Parameters<Electron.App['getPath']>[0];
type Used =
  | ('isPackaged' | 'whenReady' | 'isReady' | 'quit' | 'exit' | 'getPath' | 'setPath' | 'getVersion')
  | ('getName' | 'getAppPath' | 'requestSingleInstanceLock');

class App extends EventEmitter implements Represented<Electron.App, Used> {
  readonly isPackaged = false;
  readonly #manifest: { name: string; version: string } = JSON.parse(
    readFileSync(path.join(FOLDER, 'package.json'), 'utf8'),
  );
  readonly #paths: Partial<Record<PathName, string>>;
  readonly #ready: Promise<void>;
  #name = this.#manifest.name;
  #isReady = false;
  #isQuitting = false;
  #isOver = false;
  #unlock: (() => void) | undefined;

  constructor() {
    super();
    const userData = path.join(process.env.XDG_CONFIG_HOME ?? path.join(os.homedir(), '.config'), this.#name);
    this.#paths = {
      home: os.homedir(),
      temp: os.tmpdir(),
      exe: process.execPath,
      userData,
    };
    // Only after the app's entry has been evaluated, as in Electron.
    this.#ready = new Promise((resolve) => setImmediate(() => this.#start().then(resolve)));
    for (const name of TOLD_ON) happenings.on(name, (...details: unknown[]) => this.emit(name, ...details));
    happenings.on('window-all-closed', () => {
      if (this.#isQuitting) this.#leave();
      else if (!this.emit('window-all-closed')) this.quit();
    });
    onCommand('quit', () => this.quit());
    onCommand('close-windows', () => {
      for (const window of BrowserWindow.getAllWindows()) window.close();
    });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => this.quit());
    process.on('exit', () => {
      this.#unlock?.();
      if (isStarted()) running().kill();
    });
    // The test has gone, and nothing of it may stay.
    process.on('disconnect', () => this.exit());
  }

  whenReady(): Promise<void> {
    return this.#ready;
  }

  isReady(): boolean {
    return this.#isReady;
  }

  quit(): void {
    if (this.#isOver) return;
    const event = preventable();
    this.emit('before-quit', event);
    if (event.defaultPrevented) return;
    this.#isQuitting = true;
    for (const window of BrowserWindow.getAllWindows()) {
      window.close();
      if (!window.isDestroyed()) {
        this.#isQuitting = false;
        return;
      }
    }
    setImmediate(() => {
      if (this.#isQuitting && BrowserWindow.getAllWindows().length === 0) this.#leave();
    });
  }

  exit(code = 0): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const window of BrowserWindow.getAllWindows()) window.destroy();
    this.emit('quit', preventable(), code);
    void stopChromium().then(() => process.exit(code));
  }

  getPath(name: PathName): string {
    const found = this.#paths[name];
    if (found === undefined) throw new Error(`Failed to get '${name}' path`);
    return found;
  }

  setPath(name: string, folder: string): void {
    Object.assign(this.#paths, { [name]: folder });
  }

  getVersion(): string {
    return this.#manifest.version;
  }

  getName(): string {
    return this.#name;
  }

  getAppPath(): string {
    return FOLDER;
  }

  requestSingleInstanceLock(): boolean {
    this.#unlock ??= lockInstance(
      path.join(this.getPath('userData'), 'stand-in-lock'),
      ({ words, folder }) => {
        void this.#ready.then(() => this.emit('second-instance', preventable(), words, folder, null));
      },
    );
    return this.#unlock !== undefined;
  }

  async #start(): Promise<void> {
    // It has quit already, as a second instance does: it never becomes ready.
    if (this.#isQuitting || this.#isOver) return new Promise(() => {});
    const profile = path.join(this.getPath('userData'), 'Chromium');
    mkdirSync(profile, { recursive: true });
    const chromium = await startChromium(profile);
    chromium.onExit(() => {
      if (!this.#isOver) console.error('Chromium has ended.');
      this.exit(1);
    });
    await interceptRequests();
    await closePopUps();
    this.#isReady = true;
    tell({ kind: 'ready', endpoint: chromium.endpoint });
    this.emit('ready', preventable(), {});
  }

  #leave(): void {
    if (this.#isOver) return;
    const event = preventable();
    this.emit('will-quit', event);
    if (event.defaultPrevented) this.#isQuitting = false;
    else this.exit();
  }
}

/** Chromium opens them although the app's handler, which has been asked, never lets them be. */
async function closePopUps(): Promise<void> {
  const chromium = running();
  chromium.on('Target.targetCreated', ({ targetInfo: { type, openerId, targetId } }) => {
    if (type === 'page' && openerId) chromium.send('Target.closeTarget', { targetId }).catch(() => {});
  });
  await chromium.send('Target.setDiscoverTargets', { discover: true });
}

Object.assign(App.prototype, recording('app', ['relaunch', 'setAppUserModelId']));
strictly('app', App.prototype);

export const app = new App();
