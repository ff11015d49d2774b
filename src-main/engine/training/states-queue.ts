/**
 * Hidden states of many batches in one file, through which they go again and again: a block takes them from the front, batch
 * after batch, and puts what it makes of them at the back. The file is a ring with room for all batches and a few more, so
 * it is hardly larger than the states are.
 *
 * A pass through a large model takes hours and may be killed at any time, so the journal beside the file (NAME.json) says
 * what it was made for and how many batches were put in since it was empty. A kill loses what came after the journal, and
 * nothing else:
 * - What is counted in the journal is on the disk: the file is synced before the journal is replaced.
 * - What the next block has yet to take is untouched: of `batches` + `spare` places, batch n goes into place n modulo
 *   their number. A journal of p needs batches p − `batches` to p − 1. The next `spare` batches, p to p + `spare` − 1, go
 *   over batches up to p − 1 − `batches`; and before one more is put in, there is a newer journal.
 * - The journal of another file's content is replaced before anything of that is written over.
 */
import { type FileHandle, open, readFile, rm } from 'node:fs/promises';
import { z } from 'zod';
import { LabError } from '../errors.ts';
import { diskErrors, writeFileDurably } from '../formats/durable-files.ts';
import { parseJson } from '../formats/parse-json.ts';
import type { Recipe } from './recipe.ts';
import { decodeStates, encodeStates, PRECISION_BYTES } from './states-precision.ts';

export interface StatesShape {
  /** How many go through the file. */
  readonly batches: number;
  /** In a batch. */
  readonly numbers: number;
  readonly precision: Recipe['cachePrecision'];
  /** See SPARE_BYTES, which is meant where it is not said. */
  readonly spareBytes?: number;
}

const journalSchema = z.object({ key: z.string(), put: z.int().nonnegative() });

/** Room for so many bytes more costs little, and then a small file need not be synced within a block's pass. */
const SPARE_BYTES = 1 << 26;
/** Of a large file: what a kill may cost is a share of one block's pass. */
const SPARE_SHARE = 1 / 8;

/** Bytes of the file on the disk. */
export function queueBytes(shape: StatesShape): number {
  return places(shape) * batchBytes(shape);
}

export class StatesQueue {
  readonly #path: string;
  readonly #key: string;
  readonly #shape: StatesShape;
  readonly #file: FileHandle;
  #put: number;
  #journalled: number;

  private constructor(path: string, key: string, shape: StatesShape, file: FileHandle, put: number) {
    this.#path = path;
    this.#key = key;
    this.#shape = shape;
    this.#file = file;
    this.#put = put;
    this.#journalled = put;
  }

  /**
   * Goes on with the file, or begins an empty one.
   * @param key of what goes through it; a file of another key is begun anew
   * @param most batches put in that are of use; a file with more is begun anew
   */
  static async open(path: string, key: string, shape: StatesShape, most: number): Promise<StatesQueue> {
    const journal = await readJournal(path);
    if (journal?.key === key && journal.put <= most) {
      const file = await openWhole(path, queueBytes(shape));
      if (file) return new StatesQueue(path, key, shape, file, journal.put);
    }
    await writeJournal(path, key, 0);
    const file = await diskErrors(path, () => open(path, 'w+'));
    await diskErrors(path, () => file.truncate(queueBytes(shape)));
    return new StatesQueue(path, key, shape, file, 0);
  }

  /** Batches put in since it was empty. */
  get put(): number {
    return this.#put;
  }

  /** Puts a batch at the back; where the file is full, the one at the front is gone. */
  async push(states: Float32Array): Promise<void> {
    const bytes = encodeStates(states, this.#shape.precision);
    const place = this.#put % places(this.#shape);
    await diskErrors(this.#path, () => this.#file.write(bytes, 0, bytes.length, place * bytes.length));
    this.#put++;
    if (this.#put - this.#journalled === places(this.#shape) - this.#shape.batches) await this.sync();
  }

  /** Brings all that was put in onto the disk. */
  async sync(): Promise<void> {
    if (this.#journalled === this.#put) return;
    await diskErrors(this.#path, () => this.#file.datasync());
    await writeJournal(this.#path, this.#key, this.#put);
    this.#journalled = this.#put;
  }

  /**
   * A batch, or part of one.
   * @param batch counted from the front, which is 0
   * @param start in numbers
   */
  read(batch: number, start: number, into: Float32Array): Promise<void> {
    return this.#read(this.#put - this.#shape.batches + batch, start, into);
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  async #read(batch: number, start: number, into: Float32Array): Promise<void> {
    const { precision } = this.#shape;
    const bytes = new Uint8Array(into.length * PRECISION_BYTES[precision]);
    const place = (batch % places(this.#shape)) * batchBytes(this.#shape);
    const { bytesRead } = await this.#file.read(
      bytes,
      0,
      bytes.length,
      place + start * PRECISION_BYTES[precision],
    );
    if (bytesRead !== bytes.length) {
      throw new LabError(
        'runtime-failed',
        'The file of the frozen blocks was cut short. Delete it and start again.',
        { file: this.#path },
      );
    }
    decodeStates(bytes, precision, into);
  }
}

export async function deleteQueue(path: string): Promise<void> {
  await rm(journalOf(path), { force: true });
  await rm(path, { force: true });
}

const journalOf = (path: string) => `${path}.json`;

function writeJournal(path: string, key: string, put: number): Promise<void> {
  return writeFileDurably(journalOf(path), JSON.stringify({ key, put }));
}

async function readJournal(path: string): Promise<z.infer<typeof journalSchema> | undefined> {
  const text = await readFile(journalOf(path), 'utf8').catch(() => '');
  // None, or one that cannot be read: the file is begun anew.
  return journalSchema.safeParse(parseJson(text)).data;
}

/** Undefined where it is not there, or has another size. */
async function openWhole(path: string, bytes: number): Promise<FileHandle | undefined> {
  const file = await open(path, 'r+').catch(() => undefined);
  if (file === undefined || (await file.stat()).size === bytes) return file;
  await file.close();
  return undefined;
}

function places(shape: StatesShape): number {
  const { batches, spareBytes = SPARE_BYTES } = shape;
  const wanted = Math.max(Math.floor(spareBytes / batchBytes(shape)), Math.ceil(batches * SPARE_SHARE));
  return batches + Math.min(batches, wanted);
}

function batchBytes({ numbers, precision }: StatesShape): number {
  return numbers * PRECISION_BYTES[precision];
}
