/** Progress on stderr: one line that is rewritten on a terminal, and plain lines at long intervals elsewhere. */

const BAR_WIDTH = 24;
const REDRAW_MS = 100;
const PLAIN_LINE_MS = 10_000;

export class Progress {
  readonly #stream: NodeJS.WriteStream;
  readonly #live: boolean;
  #label = '';
  #started = 0;
  #drawn = 0;
  #visible = false;
  #lastPlain = '';

  constructor(stream: NodeJS.WriteStream = process.stderr) {
    this.#stream = stream;
    this.#live = stream.isTTY === true;
  }

  /** @param share done, 0 to 1; time left is reckoned from when this label began. */
  show(label: string, share: number, detail = ''): void {
    const now = performance.now();
    if (label !== this.#label) {
      this.#label = label;
      this.#started = now;
      this.#drawn = 0;
    }
    if (now - this.#drawn < (this.#live ? REDRAW_MS : PLAIN_LINE_MS) && share < 1) return;
    this.#drawn = now;
    const filled = Math.round(share * BAR_WIDTH);
    const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}`;
    const line =
      `${label} ${bar} ${String(Math.floor(share * 100)).padStart(3)} % ${this.#timeLeft(now, share)} ${detail}`.trimEnd();
    if (this.#live) this.#stream.write(`\r\x1b[2K${line.slice(0, (this.#stream.columns ?? 100) - 1)}`);
    else if (line !== this.#lastPlain) this.#stream.write(`${line}\n`);
    this.#lastPlain = line;
    this.#visible = this.#live;
  }

  /** A line that stays. */
  say(line: string): void {
    this.clear();
    this.#stream.write(`${line}\n`);
  }

  clear(): void {
    if (this.#visible) this.#stream.write('\r\x1b[2K');
    this.#visible = false;
  }

  #timeLeft(now: number, share: number): string {
    const elapsed = (now - this.#started) / 1000;
    if (share <= 0 || share >= 1 || elapsed < 1) return '';
    const left = Math.round((elapsed * (1 - share)) / share);
    return left < 60 ? `${left} s left` : `${Math.floor(left / 60)} min ${left % 60} s left`;
  }
}
