/** How fast a folder's disk takes what is written and gives it back, measured with a file that is removed again. */
import { constants } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import path from 'node:path';
import { diskErrors } from '../../engine/formats/durable-files.ts';

export interface DiskSpeed {
  readonly writtenBytesPerSecond: number;
  readonly readBytesPerSecond: number;
  /** Whether it was read from the disk itself; else the system may have given what it still had in memory. */
  readonly isPastMemory: boolean;
}

const PIECE_BYTES = 8 << 20;
const WASM_PAGE_BYTES = 65_536;
const MOST_BYTES = 256 << 20;
const MOST_SECONDS = 2;

/** Node has it, but its types do not tell. */
declare const WebAssembly: {
  readonly Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
};

/**
 * Writes 256 MB, or as much as two seconds allow.
 * @throws LabError 'disk-full'; 'bad-argument' where it may not be written
 */
export async function measureDisk(
  folder: string,
  signal?: AbortSignal,
  { bytes = MOST_BYTES, seconds = MOST_SECONDS }: { readonly bytes?: number; readonly seconds?: number } = {},
): Promise<DiskSpeed> {
  const file = path.join(folder, `speed-${process.pid}.tmp`);
  try {
    return await diskErrors(file, async () => {
      const handle = await open(file, 'w+');
      try {
        const written = await pieces(
          bytes,
          seconds,
          signal,
          (piece) => handle.write(piece),
          () => handle.sync(),
        );
        const direct = await openPastMemory(file);
        const from = direct ?? handle;
        const read = await pieces(written.bytes, seconds, signal, (piece, at) =>
          from.read(piece, 0, piece.length, at),
        ).finally(() => direct?.close());
        return {
          writtenBytesPerSecond: written.perSecond,
          readBytesPerSecond: read.perSecond,
          isPastMemory: direct !== undefined,
        };
      } finally {
        await handle.close();
      }
    });
  } finally {
    await rm(file, { force: true });
  }
}

/** For reading in whole pages; undefined where the system or the disk has no such way. */
async function openPastMemory(file: string): Promise<FileHandle | undefined> {
  if (process.platform !== 'linux') return undefined;
  const handle = await open(file, constants.O_RDONLY | constants.O_DIRECT).catch(() => undefined);
  // Some refuse only when they are read.
  const reads = handle?.read(wholePages(WASM_PAGE_BYTES), 0, WASM_PAGE_BYTES, 0);
  if (await reads?.catch(() => undefined)) return handle;
  await handle?.close();
  return undefined;
}

/** @param end what belongs to the time, after the last piece */
async function pieces(
  bytes: number,
  seconds: number,
  signal: AbortSignal | undefined,
  move: (piece: Uint8Array, at: number) => Promise<unknown>,
  end: () => Promise<void> = async () => {},
): Promise<{ readonly bytes: number; readonly perSecond: number }> {
  const piece = wholePages(Math.min(PIECE_BYTES, bytes));
  // Not zeros, which some disks do not write.
  for (let index = 0; index < piece.length; index++) piece[index] = (index * 2654435761) >>> 24;
  const started = performance.now();
  let done = 0;
  while (done < bytes && performance.now() - started < seconds * 1000) {
    signal?.throwIfAborted();
    await move(piece, done);
    done += piece.length;
  }
  await end();
  return { bytes: done, perSecond: done / ((performance.now() - started) / 1000) };
}

/** Memory that begins at a page of the system, as reading past its memory asks for: WebAssembly's does. */
function wholePages(bytes: number): Uint8Array {
  const { buffer } = new WebAssembly.Memory({ initial: Math.ceil(bytes / WASM_PAGE_BYTES) });
  return new Uint8Array(buffer, 0, bytes);
}
