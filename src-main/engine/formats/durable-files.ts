/**
 * The one way in which the lab writes what must not be lost: under another name, synced to the disk, then renamed. After
 * a crash or with a full disk there is the old file or the new one, never half of one.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { LabError } from '../errors.ts';

/** What is being written lies beside its place under this ending; a crash may leave it behind, and it can be deleted. */
const TEMPORARY_ENDING = '.tmp';

/** Replaces the file's content as a whole. Its folder must be there. */
export async function writeFileDurably(file: string, data: string | Uint8Array): Promise<void> {
  await replaceFile(file, (handle) => handle.writeFile(data));
}

/** Replaces a file by what `write` puts into the handle; where that fails, the file stays as it was. */
export async function replaceFile(file: string, write: (handle: FileHandle) => Promise<void>): Promise<void> {
  const temporary = `${file}${TEMPORARY_ENDING}`;
  try {
    await diskErrors(file, async () => {
      const handle = await open(temporary, 'w');
      try {
        await write(handle);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, file);
      await sync(path.dirname(file));
    });
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Renames a finished folder into place, with all that lies in it on the disk. `final` must not exist, or be empty. */
export async function commitFolder(temporary: string, final: string): Promise<void> {
  await diskErrors(final, async () => {
    await syncTree(temporary);
    await rename(temporary, final);
    await sync(path.dirname(final));
  });
}

/** SHA-256 of a file's bytes, in hexadecimal digits. */
export async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** Runs something that writes. A full disk and a place that may not be written to become a sentence. */
export async function diskErrors<Result>(file: string, write: () => Promise<Result>): Promise<Result> {
  try {
    return await write();
  } catch (cause) {
    throw diskError(file, (cause as NodeJS.ErrnoException | undefined)?.code, cause) ?? cause;
  }
}

/** The sentence for a code of the system ("ENOSPC"); undefined where the disk is not to blame. */
export function diskError(file: string, code: string | undefined, cause: unknown): LabError | undefined {
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const place = path.dirname(path.resolve(file));
    return new LabError(
      'disk-full',
      `The disk is full: ${place} has no room left. Free some space and go on.`,
      { file },
      { cause },
    );
  }
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') {
    return new LabError(
      'bad-argument',
      `The lab may not write to ${file}. Choose another folder.`,
      { file },
      { cause },
    );
  }
  return undefined;
}

async function syncTree(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const inner = path.join(folder, entry.name);
    if (entry.isDirectory()) await syncTree(inner);
    else if (entry.isFile()) await sync(inner);
  }
  await sync(folder);
}

/** Brings a file, or a folder's list of names, onto the disk. */
async function sync(place: string): Promise<void> {
  // Windows syncs only what is open for writing, which a folder cannot be; its renames are durable by themselves.
  if (process.platform === 'win32') return;
  const handle = await open(place, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
