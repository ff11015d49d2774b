/** Takes files out of a wheel, which is a zip: those that are asked for, as a stream, with their hashes. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { LabError } from '../../engine/errors.ts';
import { diskErrors } from '../../engine/formats/durable-files.ts';

export interface Unpacked {
  /** In the folder, with "/" between. */
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface UnpackOptions {
  readonly folder: string;
  /** Where a file goes in the folder; undefined: it stays in the wheel. */
  readonly placeOf: (name: string) => string | undefined;
  readonly signal: AbortSignal;
  /** Bytes that were written since it was last called. */
  readonly onBytes?: (bytes: number) => void;
}

/** @throws LabError 'download-failed' where the wheel cannot be read, 'disk-full'; an AbortError */
export async function unpack(wheel: string, options: UnpackOptions): Promise<Unpacked[]> {
  const { folder, placeOf, signal } = options;
  const zip = await yauzl.openPromise(wheel, { autoClose: false }).catch((cause) => unreadable(wheel, cause));
  const unpacked: Unpacked[] = [];
  try {
    for await (const entry of zip.eachEntry()) {
      signal.throwIfAborted();
      const name = placeOf(entry.fileName);
      if (name === undefined) continue;
      const file = path.join(folder, name);
      unpacked.push({ name, ...(await diskErrors(file, () => write(zip, entry, file, options))) });
    }
    return unpacked;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof LabError) throw error;
    return unreadable(wheel, error);
  } finally {
    zip.close();
  }
}

async function write(
  zip: ZipFile,
  entry: Entry,
  file: string,
  { signal, onBytes }: UnpackOptions,
): Promise<Omit<Unpacked, 'name'>> {
  await mkdir(path.dirname(file), { recursive: true });
  const hash = createHash('sha256');
  const watch = new Transform({
    transform: (chunk: Buffer, _, done) => {
      hash.update(chunk);
      onBytes?.(chunk.length);
      done(null, chunk);
    },
  });
  const mode = (entry.externalFileAttributes >>> 16) & 0o111 ? 0o755 : 0o644;
  await pipeline(await zip.openReadStreamPromise(entry), watch, createWriteStream(file, { mode }), {
    signal,
  });
  return { bytes: entry.uncompressedSize, sha256: hash.digest('hex') };
}

function unreadable(wheel: string, cause: unknown): never {
  throw new LabError(
    'download-failed',
    `${path.basename(wheel)} cannot be unpacked (${(cause as Error).message}). Delete ${wheel} and try again.`,
    { wheel },
    { cause },
  );
}
