/**
 * A file from a web server, in pieces if need be: what has come lies in NAME.partial, and the next try asks for the rest.
 * It gets its name when it is whole and has the SHA-256 that was expected; with another it is thrown away.
 */
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { LabError } from '../../engine/errors.ts';
import { diskErrors, hashFile } from '../../engine/formats/durable-files.ts';
import { ask, connectionError } from './ask.ts';
import type { Wheel } from './offers.ts';

const PARTIAL_ENDING = '.partial';
/** A connection that breaks off is taken up again; so often in a row if nothing comes by it. */
const TRIES = 3;

export interface DownloadOptions {
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Bytes that are there. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

/**
 * @param address asked for only where something is missing
 * @returns where the file is
 * @throws LabError 'download-failed', 'disk-full'; an AbortError where the signal ends it
 */
export async function download(
  { file, bytes, sha256 }: Wheel,
  address: () => Promise<string>,
  { folder, signal, onProgress }: DownloadOptions,
): Promise<string> {
  const whole = path.join(folder, file);
  if ((await sizeOf(whole)) === bytes && (await hashFile(whole)) === sha256) return whole;
  const partial = `${whole}${PARTIAL_ENDING}`;
  if ((await sizeOf(partial)) > bytes) await rm(partial);
  if ((await sizeOf(partial)) < bytes) {
    const from = await address();
    let tries = 0;
    for (let most = -1; ; ) {
      const there = await sizeOf(partial);
      if (there === bytes) break;
      tries = there > most ? 1 : tries + 1;
      most = Math.max(most, there);
      await fetchRest(from, partial, bytes, signal, onProgress).catch((error: unknown) => {
        if (!(error instanceof BrokenOff) || tries === TRIES) throw error;
      });
    }
  }
  onProgress?.(bytes);
  signal.throwIfAborted();
  const found = await hashFile(partial);
  if (found !== sha256) {
    await rm(partial);
    throw new LabError(
      'download-failed',
      `${file} is not the file that was expected: its SHA-256 is ${found}, and not ${sha256}. It was thrown away. Try again; if it comes again, the package index is not to be trusted.`,
      { file, found, expected: sha256 },
    );
  }
  await rename(partial, whole);
  return whole;
}

/** The connection ended before the file did. */
class BrokenOff extends LabError {}

async function fetchRest(
  address: string,
  partial: string,
  bytes: number,
  signal: AbortSignal,
  onProgress: DownloadOptions['onProgress'],
): Promise<void> {
  const there = await sizeOf(partial);
  const response = await ask(address, {
    signal,
    // Compressed on the way, parts of a file would be parts of something else.
    headers: { 'accept-encoding': 'identity', ...(there > 0 ? { range: `bytes=${there}-` } : {}) },
    also: there > 0 ? [416] : [],
  });
  const { host } = new URL(address);
  if (response.status === 416) {
    await response.body?.cancel();
    await rm(partial, { force: true });
    throw new LabError('download-failed', `What ${host} has under this name is smaller than the file.`, {
      host,
    });
  }
  const goesOn = response.status === 206 && startOf(response) === there;
  if (response.status === 206 && !goesOn) {
    await response.body?.cancel();
    throw new LabError('download-failed', `${host} sends another part than was asked for.`, { host });
  }
  await diskErrors(partial, async () => {
    // A server that knows no parts begins anew.
    const handle = await open(partial, goesOn ? 'a' : 'w');
    try {
      await write(response, handle, goesOn ? there : 0);
      await handle.sync();
    } finally {
      await handle.close();
    }
  });

  async function write({ body }: Response, handle: FileHandle, from: number): Promise<void> {
    let done = from;
    try {
      for await (const chunk of body ?? []) {
        done += chunk.length;
        if (done > bytes)
          throw new LabError('download-failed', `${host} sends more than the file is large.`, { host });
        await handle.writeFile(chunk);
        onProgress?.(done);
      }
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof LabError || isOfDisk(error)) throw error;
      const { message, code, data } = connectionError(host, error);
      throw new BrokenOff(code, message, data, { cause: error });
    }
    if (done < bytes) throw new BrokenOff('download-failed', `${host} broke off before the end.`, { host });
  }
}

function startOf({ headers }: Response): number {
  return Number(/^bytes (\d+)-/.exec(headers.get('content-range') ?? '')?.[1] ?? Number.NaN);
}

function isOfDisk(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && error.syscall === 'write' && 'code' in error;
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}
