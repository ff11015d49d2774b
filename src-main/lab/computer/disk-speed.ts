/** How fast a folder's disk takes what is written and gives it back, measured with a file that is removed again. */
import { type FileHandle, open, rm } from 'node:fs/promises';
import path from 'node:path';
import { diskErrors } from '../../engine/formats/durable-files.ts';

export interface DiskSpeed {
  readonly writtenBytesPerSecond: number;
  /** Of what was just written, which the system may still have in memory: so will a run's files be. */
  readonly readBytesPerSecond: number;
}

const PIECE_BYTES = 8 << 20;
const MOST_BYTES = 256 << 20;
const MOST_SECONDS = 2;

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
        const read = await pieces(written.bytes, seconds, signal, (piece, at) => readAt(handle, piece, at));
        return { writtenBytesPerSecond: written.perSecond, readBytesPerSecond: read.perSecond };
      } finally {
        await handle.close();
      }
    });
  } finally {
    await rm(file, { force: true });
  }
}

async function readAt(handle: FileHandle, piece: Uint8Array, at: number): Promise<void> {
  await handle.read(piece, 0, piece.length, at);
}

/** @param end what belongs to the time, after the last piece */
async function pieces(
  bytes: number,
  seconds: number,
  signal: AbortSignal | undefined,
  move: (piece: Uint8Array, at: number) => Promise<unknown>,
  end: () => Promise<void> = async () => {},
): Promise<{ readonly bytes: number; readonly perSecond: number }> {
  // Not zeros, which some disks do not write.
  const piece = Uint8Array.from(
    { length: Math.min(PIECE_BYTES, bytes) },
    (_, index) => (index * 2654435761) >>> 24,
  );
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
