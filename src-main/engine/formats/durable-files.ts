/**
 * The one way in which the lab writes what must not be lost: under another name, synced to the disk, then renamed. After
 * a crash or with a full disk there is the old file or the new one, never half of one.
 */
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { LabError } from '../errors.ts';

/** Replaces the file's content as a whole. */
export async function writeFileDurably(file: string, data: string | Uint8Array): Promise<void> {
  await replaceFile(file, (handle) => handle.writeFile(data));
}

/** Replaces a file by what `write` puts into the handle. */
export async function replaceFile(file: string, write: (handle: FileHandle) => Promise<void>): Promise<void> {
  const temporary = `${file}.tmp`;
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
      await syncFolder(path.dirname(file));
    });
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Renames a finished folder into place; its files must have been written durably. */
export async function commitFolder(temporary: string, final: string): Promise<void> {
  await diskErrors(final, async () => {
    await syncFolder(temporary);
    await rename(temporary, final);
    await syncFolder(path.dirname(final));
  });
}

/** Runs something that writes; a full disk becomes a sentence. */
export async function diskErrors<Result>(file: string, write: () => Promise<Result>): Promise<Result> {
  try {
    return await write();
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      const place = path.dirname(path.resolve(file));
      throw new LabError(
        'disk-full',
        `The disk is full: ${place} has no room left. Free some space and go on.`,
        { file },
        { cause },
      );
    }
    if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') {
      throw new LabError(
        'bad-argument',
        `The lab may not write to ${file}. Choose another folder.`,
        { file },
        { cause },
      );
    }
    throw cause;
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder; its renames are durable by themselves.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  await handle.sync();
  await handle.close();
}
