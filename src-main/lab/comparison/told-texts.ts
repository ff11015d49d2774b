/** What somebody has been told of texts that grow: each time only what is new to them, not more often than people read. */
import { type TextTail, type TokenText, tailOf } from '../../../src-preload/contract/endpoints/comparison.ts';

const TELL_MILLISECONDS = 100;

export class ToldTexts {
  readonly #tell: (tails: TextTail[]) => void;
  readonly #known: number[] = [];
  #lastTold = 0;

  constructor(tell: (tails: TextTail[]) => void) {
    this.#tell = tell;
  }

  tellSometimes(texts: readonly TokenText[]): void {
    const now = performance.now();
    if (now - this.#lastTold < TELL_MILLISECONDS) return;
    this.#lastTold = now;
    this.tell(texts);
  }

  tell(texts: readonly TokenText[]): void {
    const tails = texts.flatMap((text, prompt) => tailOf(text, prompt, this.#known[prompt] ?? 0) ?? []);
    for (const [prompt, { tokens }] of texts.entries()) this.#known[prompt] = tokens.length;
    if (tails.length > 0) this.#tell(tails);
  }
}
