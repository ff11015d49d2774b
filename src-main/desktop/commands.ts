/**
 * Commands on their way from the menu, or a notification, to the page. What comes while no page listens (its window is
 * being opened) waits for the next one. Each command goes to one page.
 */
import type { Command } from '../../src-preload/contract/endpoints/desktop.ts';
import { Changes } from '../lab/changes.ts';

export class Commands {
  readonly #waiting: Command[] = [];
  readonly #changes = new Changes();

  give(command: Command): void {
    this.#waiting.push(command);
    this.#changes.tell();
  }

  /** Until the signal. */
  async *follow(signal: AbortSignal): AsyncGenerator<Command> {
    while (!signal.aborted) {
      const next = this.#changes.next(signal);
      const command = this.#waiting.shift();
      if (command === undefined) await next;
      else yield command;
    }
  }
}
