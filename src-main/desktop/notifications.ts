/** Tells by the system's notifications that a run has ended, unless the window is what the person looks at. */
import { BrowserWindow, Notification } from 'electron';
import type { Run } from '../../src-preload/contract/endpoints/runs.ts';

export interface NotificationOptions {
  isWanted(): boolean;
  /** The notification was clicked. */
  show(run: number): void;
}

/** Looks at the runs one time after the other, and tells of each that has ended between two times. */
export class EndNotifications {
  readonly #options: NotificationOptions;
  #active = new Set<number>();
  /** Kept as long as they can be clicked: Electron forgets what nobody holds. */
  readonly #shown = new Set<Notification>();

  constructor(options: NotificationOptions) {
    this.#options = options;
  }

  look(runs: readonly Run[]): void {
    for (const run of runs) if (this.#active.has(run.id)) this.#tell(run);
    this.#active = new Set(
      runs.filter(({ state }) => state === 'running' || state === 'waiting').map(({ id }) => id),
    );
  }

  #tell(run: Run): void {
    const text = textOf(run);
    if (text === undefined || !this.#options.isWanted() || BrowserWindow.getFocusedWindow() !== null) return;
    const notification = new Notification(text);
    this.#shown.add(notification);
    notification.on('click', () => {
      this.#shown.delete(notification);
      this.#options.show(run.id);
    });
    notification.on('close', () => this.#shown.delete(notification));
    notification.show();
  }
}

/** Undefined: it goes on, or the person has paused it and knows. */
function textOf({ name, state, error }: Run): { title: string; body: string } | undefined {
  switch (state) {
    case 'finished':
      return { title: `${name} is done`, body: 'Its texts can be read now.' };
    case 'failed':
      return { title: `${name} could not go on`, body: error?.message ?? '' };
    case 'interrupted':
      return { title: `${name} was interrupted`, body: error?.message ?? '' };
    default:
      return undefined;
  }
}
