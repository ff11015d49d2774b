/**
 * Electron for unit tests: it does nothing, remembers what it was given, and lets a test be the system and the person.
 * Use: vi.mock('electron', () => import('./electron.fake.ts')), then `fake` for what is remembered.
 */
import { EventEmitter } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type {
  MenuItemConstructorOptions,
  MessageBoxOptions,
  OpenDialogOptions,
  Rectangle,
  WebPreferences,
} from 'electron';

type PermissionAnswer = (isAllowed: boolean) => void;

/** What a test looks at and sets. `reset` before each test. */
export const fake = {
  paths: new Map<string, string>([['home', '/home/somebody']]),
  schemes: [] as { scheme: string; privileges: object }[],
  protocols: new Map<string, (request: { url: string; method: string }) => Promise<Response>>(),
  permissionRequest: undefined as
    | ((contents: object, permission: string, answer: PermissionAnswer) => void)
    | undefined,
  permissionCheck: undefined as ((contents: object, permission: string) => boolean) | undefined,
  request: undefined as
    | ((details: { url: string }, answer: (response: { cancel: boolean }) => void) => void)
    | undefined,
  menu: [] as MenuItemConstructorOptions[],
  errorBoxes: [] as { title: string; content: string }[],
  messageBoxes: [] as MessageBoxOptions[],
  /** The button that the person presses in message boxes. */
  pressed: 0,
  /** What the person chooses in the next dialog; empty: cancels it. */
  chosen: [] as string[],
  openDialogs: [] as OpenDialogOptions[],
  shownInFolder: [] as string[],
  opened: [] as string[],
  notifications: [] as Notification[],
  blockers: new Set<number>(),
  windows: [] as BrowserWindow[],
  screens: [{ x: 0, y: 0, width: 1920, height: 1080 }] as Rectangle[],
  engines: [] as UtilityProcess[],
  /** What the preload script gives to the page, by name. */
  exposed: new Map<string, Record<string, (...given: unknown[]) => unknown>>(),
  /** What the preload script has sent to the main process. */
  sent: [] as unknown[][],
  quits: 0,
  /** How it is to be started again. */
  relaunches: [] as { execPath?: string }[],
  exitCode: undefined as number | undefined,
  reset(): void {
    for (const list of [fake.schemes, fake.menu, fake.errorBoxes, fake.chosen, fake.openDialogs])
      list.length = 0;
    for (const list of [fake.shownInFolder, fake.opened, fake.notifications, fake.windows, fake.engines])
      list.length = 0;
    fake.screens = [{ x: 0, y: 0, width: 1920, height: 1080 }];
    fake.sent.length = 0;
    fake.messageBoxes.length = 0;
    fake.pressed = 0;
    fake.relaunches.length = 0;
    fake.protocols.clear();
    fake.blockers.clear();
    fake.quits = 0;
    fake.exitCode = undefined;
    app.removeAllListeners();
    app.isPackaged = false;
    app.isFirst = true;
    ipcMain.removeAllListeners();
    nativeTheme.themeSource = 'system';
  },
};

/** An event whose default can be prevented. */
export function preventable(more: object = {}): { defaultPrevented: boolean; preventDefault(): void } {
  return {
    defaultPrevented: false,
    preventDefault() {
      this.defaultPrevented = true;
    },
    ...more,
  };
}

class App extends EventEmitter {
  isPackaged = false;
  /** Whether no other instance has the lock. */
  isFirst = true;
  whenReady = () => Promise.resolve();
  requestSingleInstanceLock = () => this.isFirst;
  getVersion = () => '1.2.3';
  getAppPath = () => '/app';
  getPath = (name: string) => fake.paths.get(name) ?? `/${name}`;
  setPath = (name: string, path: string) => fake.paths.set(name, path);
  setAppUserModelId(): void {}
  relaunch = (options: { execPath?: string }) => fake.relaunches.push(options);
  quit(): void {
    const event = preventable();
    this.emit('before-quit', event);
    if (!event.defaultPrevented) fake.quits++;
  }
  exit(code: number): void {
    fake.exitCode ??= code;
  }
}
export const app = new App();

export class WebContents extends EventEmitter {
  readonly mainFrame = { origin: 'app://lab' };
  windowOpen: ((details: { url: string }) => { action: string }) | undefined;
  reloads = 0;
  readonly posted: { channel: string; ports: MessagePort[] }[] = [];
  setWindowOpenHandler = (handler: typeof this.windowOpen) => {
    this.windowOpen = handler;
  };
  reload(): void {
    this.reloads++;
  }
  postMessage(channel: string, _message: null, ports: MessagePort[]): void {
    this.posted.push({ channel, ports });
  }
}

interface WindowOptions extends Partial<Rectangle> {
  readonly webPreferences?: WebPreferences;
}

export class BrowserWindow extends EventEmitter {
  static getAllWindows = () => fake.windows;
  static getFocusedWindow = () => fake.windows.find(({ isFocused }) => isFocused) ?? null;
  readonly webContents = new WebContents();
  readonly options: WindowOptions;
  url: string | undefined;
  isFocused = false;
  isShown = false;
  maximized = false;
  minimized = false;
  progress: number | undefined;

  constructor(options: WindowOptions) {
    super();
    this.options = options;
    fake.windows.push(this);
    app.emit('web-contents-created', {}, this.webContents);
  }
  loadURL = async (url: string) => {
    this.url = url;
  };
  show = () => {
    this.isShown = true;
  };
  focus = () => {
    this.isFocused = true;
  };
  maximize = () => {
    this.maximized = true;
  };
  restore = () => {
    this.minimized = false;
  };
  isMaximized = () => this.maximized;
  isMinimized = () => this.minimized;
  getNormalBounds = (): Rectangle => ({ x: 0, y: 0, width: 0, height: 0, ...this.options });
  setProgressBar = (share: number) => {
    this.progress = share;
  };
  close(): void {
    this.emit('close');
    fake.windows.splice(fake.windows.indexOf(this), 1);
    if (fake.windows.length === 0) app.emit('window-all-closed');
  }
}

export class Notification extends EventEmitter {
  static isSupported = () => true;
  readonly text: { title: string; body: string };
  constructor(text: { title: string; body: string }) {
    super();
    this.text = text;
  }
  show(): void {
    fake.notifications.push(this);
  }
}

/** As utilityProcess.fork gives it; a test lets it speak and end by emitting. */
class UtilityProcess extends EventEmitter {
  readonly pid = 4711;
  readonly entry: string;
  readonly received: unknown[] = [];
  isKilled = false;
  constructor(entry: string) {
    super();
    this.entry = entry;
    fake.engines.push(this);
  }
  postMessage = (message: unknown) => this.received.push(message);
  kill(): void {
    this.isKilled = true;
  }
}

export const utilityProcess = { fork: (entry: string) => new UtilityProcess(entry) };
export const ipcMain = new EventEmitter();
export const ipcRenderer = Object.assign(new EventEmitter(), {
  send: (...given: unknown[]) => fake.sent.push(given),
});
export const contextBridge = {
  exposeInMainWorld: (name: string, api: Record<string, () => unknown>) => fake.exposed.set(name, api),
};
export const webUtils = { getPathForFile: (file: { name: string }) => `/dropped/${file.name}` };
export const nativeTheme = { themeSource: 'system' };
export const screen = { getAllDisplays: () => fake.screens.map((workArea) => ({ workArea })) };
export const protocol = {
  registerSchemesAsPrivileged: (schemes: typeof fake.schemes) => fake.schemes.push(...schemes),
  handle: (scheme: string, handler: (request: { url: string; method: string }) => Promise<Response>) =>
    fake.protocols.set(scheme, handler),
};
export const session = {
  defaultSession: {
    setPermissionRequestHandler: (handler: typeof fake.permissionRequest) => {
      fake.permissionRequest = handler;
    },
    setPermissionCheckHandler: (handler: typeof fake.permissionCheck) => {
      fake.permissionCheck = handler;
    },
    webRequest: {
      onBeforeRequest: (handler: typeof fake.request) => {
        fake.request = handler;
      },
    },
  },
};
export const Menu = {
  buildFromTemplate: (template: MenuItemConstructorOptions[]) => template,
  setApplicationMenu: (template: MenuItemConstructorOptions[]) => {
    fake.menu = template;
  },
};
export const dialog = {
  showErrorBox: (title: string, content: string) => fake.errorBoxes.push({ title, content }),
  showMessageBox: async (options: MessageBoxOptions) => {
    fake.messageBoxes.push(options);
    return { response: fake.pressed, checkboxChecked: false };
  },
  showOpenDialog: async (...given: unknown[]) => {
    fake.openDialogs.push(given.at(-1) as OpenDialogOptions);
    return { canceled: fake.chosen.length === 0, filePaths: fake.chosen.splice(0) };
  },
};
export const shell = {
  showItemInFolder: (path: string) => fake.shownInFolder.push(path),
  openPath: async (path: string) => {
    fake.opened.push(path);
    return '';
  },
};
export const powerSaveBlocker = {
  start: () => {
    const id = Math.max(0, ...fake.blockers) + 1;
    fake.blockers.add(id);
    return id;
  },
  stop: (id: number) => fake.blockers.delete(id),
};

export class MessageChannelMain {
  readonly port1: EventEmitter & { postMessage(message: unknown): void; start(): void; close(): void };
  readonly port2: MessagePort;
  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.port2 = port2;
    this.port1 = Object.assign(new EventEmitter(), {
      postMessage: (message: unknown) => port1.postMessage(message),
      start: () => port1.start(),
      close: () => port1.close(),
    });
    port1.on('message', (data) => this.port1.emit('message', { data }));
    port1.on('close', () => this.port1.emit('close'));
  }
}
