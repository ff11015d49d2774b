/** The system around the app: file manager, notifications, screen, sleep. Each is recorded; none has an effect. */
import { EventEmitter } from 'node:events';
import { strictly } from './represented.ts';
import { onCommand, record, recording } from './test-line.ts';

export const shell = strictly('shell', {
  ...recording('shell', ['showItemInFolder']),
  /** @returns what went wrong: nothing */
  openPath: async (file: string) => {
    record('shell.openPath', file);
    return '';
  },
});

let newest: Notification | undefined;
onCommand('click-notification', () => newest?.emit('click', {}));

export class Notification extends EventEmitter {
  readonly title: string;
  readonly body: string;

  static isSupported(): boolean {
    return true;
  }

  constructor({ title = '', body = '' }: Electron.NotificationConstructorOptions = {}) {
    super();
    this.title = title;
    this.body = body;
  }

  show(): void {
    newest = this;
    record('Notification.show', { title: this.title, body: this.body });
  }
}
strictly('Notification', Notification.prototype);

const blockers = new Set<number>();
let lastBlocker = 0;

export const powerSaveBlocker = strictly('powerSaveBlocker', {
  start(kind: string): number {
    blockers.add(++lastBlocker);
    record('powerSaveBlocker.start', { id: lastBlocker, kind });
    return lastBlocker;
  },
  stop(id: number): boolean {
    record('powerSaveBlocker.stop', id);
    return blockers.delete(id);
  },
});

const area = { x: 0, y: 0, width: 1920, height: 1080 };
const display = { id: 1, bounds: area, workArea: area, size: area, workAreaSize: area, scaleFactor: 1 };

export const screen = strictly('screen', {
  getAllDisplays: () => [display],
});

/** The theme of window frames and dialogs, of which there are none here; pages follow the system's own. */
export const nativeTheme = strictly('nativeTheme', {
  set themeSource(theme: string) {
    record('nativeTheme.themeSource', theme);
  },
});
