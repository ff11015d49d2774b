/** Tells whoever is interested that something changed; what, they look up themselves. */
export class Changes {
  readonly #listeners = new Set<() => void>();

  tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  /** Until the returned function is called. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The next change, or the signal's end. */
  next(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const finish = () => {
        stop();
        signal.removeEventListener('abort', finish);
        resolve();
      };
      const stop = this.subscribe(finish);
      signal.addEventListener('abort', finish);
    });
  }
}

/** Tells the first change at once, and those that follow it together: for who must not be told of each. */
export class SpacedChanges extends Changes {
  readonly #milliseconds: number;
  #timer: NodeJS.Timeout | undefined;
  #isTold = true;

  /** @param milliseconds at least between two tellings */
  constructor(milliseconds: number) {
    super();
    this.#milliseconds = milliseconds;
  }

  override tell(): void {
    this.#isTold = false;
    if (this.#timer === undefined) this.#tellNow();
  }

  /** What is not told by now is told to nobody. */
  close(): void {
    clearTimeout(this.#timer);
  }

  #tellNow(): void {
    this.#timer = undefined;
    if (this.#isTold) return;
    this.#isTold = true;
    super.tell();
    this.#timer = setTimeout(() => this.#tellNow(), this.#milliseconds);
  }
}
