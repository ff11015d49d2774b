/**
 * Hidden states of many texts after every block, in a file: gigabytes of a real model, of which one layer at a time is looked
 * at. A model writes them text by text; then they are read layer by layer.
 */
import { type FileHandle, open, rm } from 'node:fs/promises';
import { LabError } from '../errors.ts';
import { diskErrors } from '../formats/durable-files.ts';
import type { States } from './model-reader.ts';

const BYTES = Float32Array.BYTES_PER_ELEMENT;

export class StatesFile {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #positions: number;
  readonly #width: number;
  #written = 0;

  private constructor(path: string, file: FileHandle, positions: number, width: number) {
    this.#path = path;
    this.#file = file;
    this.#positions = positions;
    this.#width = width;
  }

  /** @param positions of all texts together */
  static async create(path: string, positions: number, width: number): Promise<StatesFile> {
    return new StatesFile(path, await diskErrors(path, () => open(path, 'w+')), positions, width);
  }

  /** Adds a text after those before. Its layers are what leaves each block, and then what leaves the final norm. */
  async add({ blocks, final, tokens }: States): Promise<void> {
    for (const [layer, states] of [...blocks, final].entries()) {
      const place = layer * this.#positions + this.#written;
      await diskErrors(this.#path, () =>
        this.#file.write(bytesOf(states), 0, states.byteLength, place * this.#width * BYTES),
      );
    }
    this.#written += tokens;
  }

  /** [positions, width] after a block, counted from 0; after the last block comes the final norm. */
  async layer(layer: number): Promise<Float32Array> {
    const states = new Float32Array(this.#positions * this.#width);
    const place = layer * states.byteLength;
    const { bytesRead } = await this.#file.read(bytesOf(states), 0, states.byteLength, place);
    if (bytesRead !== states.byteLength)
      throw new LabError(
        'runtime-failed',
        `The file of hidden states ${this.#path} was cut short. Start again.`,
      );
    return states;
  }

  /** Deletes it. */
  async remove(): Promise<void> {
    await this.#file.close();
    await rm(this.#path, { force: true });
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
