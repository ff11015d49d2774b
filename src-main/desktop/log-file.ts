/**
 * What went wrong that nobody expected, as text in the data folder, for a person to read or to send on. It is small: a full
 * file becomes the old one, and the one before that goes. It is written at once, as the process may end right after.
 */
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';

const LARGEST_FILE_BYTES = 256 * 1024;
const LONGEST_ENTRY = 16 * 1024;

export class LogFile {
  readonly path: string;
  readonly #old: string;

  constructor(folder: string) {
    this.path = path.join(folder, 'lab.log');
    this.#old = path.join(folder, 'lab.old.log');
  }

  /** @param detail an error with its causes, or whatever is known */
  write(what: string, detail?: unknown): void {
    const told = detail === undefined ? '' : `\n${inspect(detail, { depth: 4 })}`;
    const entry = `${new Date().toISOString()} ${what}${told}`.slice(0, LONGEST_ENTRY);
    try {
      mkdirSync(path.dirname(this.path), { recursive: true });
      if (this.#size() + entry.length > LARGEST_FILE_BYTES) renameSync(this.path, this.#old);
      appendFileSync(this.path, `${entry.replaceAll('\n', '\n    ')}\n`);
    } catch (error) {
      // There is nowhere else to tell it.
      console.error(entry, error);
    }
  }

  #size(): number {
    return statSync(this.path, { throwIfNoEntry: false })?.size ?? 0;
  }
}
