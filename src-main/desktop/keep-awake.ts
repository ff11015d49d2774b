/** The computer does not go to sleep while a run is computed, where the person wants it so. The screen may. */
import { powerSaveBlocker } from 'electron';

export class KeepAwake {
  #blocker: number | undefined;

  set(isWanted: boolean): void {
    if (isWanted) this.#blocker ??= powerSaveBlocker.start('prevent-app-suspension');
    else this.end();
  }

  end(): void {
    if (this.#blocker !== undefined) powerSaveBlocker.stop(this.#blocker);
    this.#blocker = undefined;
  }
}
