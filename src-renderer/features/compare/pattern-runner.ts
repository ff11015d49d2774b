/**
 * Runs expressions one after the other in a worker. One that takes longer than a moment is stopped with its worker, and the
 * next one gets a new worker.
 */
import type { Found } from './highlighters.ts';

/** All texts of a comparison take a tenth of it, unless the expression tries again and again. */
const LIMIT_MILLISECONDS = 1_000;

export const RAN_AWAY =
  'It was stopped: this expression takes too long on these texts. Repetitions within repetitions, such as (a+)+, do that.';

type Thread = Pick<Worker, 'postMessage' | 'terminate'> & {
  addEventListener(kind: 'message' | 'error', listener: (event: Event) => void): void;
  removeEventListener(kind: 'message' | 'error', listener: (event: Event) => void): void;
};

export class PatternRunner {
  readonly #start: () => Thread;
  readonly #limit: number;
  #thread: Promise<Thread> | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(start: () => Thread = startThread, limit = LIMIT_MILLISECONDS) {
    this.#start = start;
    this.#limit = limit;
  }

  /** @throws Error in words for people, where the expression ran away */
  find(pattern: string, texts: readonly string[]): Promise<readonly Found[]> {
    const found = this.#last.then(() => this.#find(pattern, texts));
    this.#last = found.catch(() => {});
    return found;
  }

  close(): void {
    void this.#thread?.then((thread) => thread.terminate()).catch(() => {});
    this.#thread = undefined;
  }

  async #find(pattern: string, texts: readonly string[]): Promise<readonly Found[]> {
    this.#thread ??= this.#begin();
    const thread = await this.#thread;
    thread.postMessage({ pattern, texts });
    const answer = await Promise.race([next(thread), afterwards(this.#limit)]);
    if (answer !== undefined) return answer as readonly Found[];
    thread.terminate();
    this.#thread = undefined;
    throw new Error(RAN_AWAY);
  }

  async #begin(): Promise<Thread> {
    const thread = this.#start();
    await next(thread);
    return thread;
  }
}

function startThread(): Thread {
  return new Worker(new URL('./pattern-worker.ts', import.meta.url), { type: 'module' });
}

function next(thread: Thread): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const done = (event: Event) => {
      thread.removeEventListener('message', done);
      thread.removeEventListener('error', done);
      if ('data' in event) resolve(event.data);
      else reject(new Error('The texts could not be looked through. Please load the page again.'));
    };
    thread.addEventListener('message', done);
    thread.addEventListener('error', done);
  });
}

function afterwards(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds, undefined));
}
