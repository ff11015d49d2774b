/** What the computer could give a run. */
import { statfs } from 'node:fs/promises';
import path from 'node:path';

export interface Free {
  readonly memoryBytes: number;
  readonly diskBytes: number;
}

/** @param folder that the run's folder is, or will be, made in; it need not be there yet */
export async function freeNow(folder: string): Promise<Free> {
  return { memoryBytes: process.availableMemory(), diskBytes: await freeDisk(path.resolve(folder)) };
}

async function freeDisk(folder: string): Promise<number> {
  const found = await statfs(folder).catch(() => undefined);
  if (found) return found.bavail * found.bsize;
  const parent = path.dirname(folder);
  // A disk of which nothing is known is refused by the first write, in words.
  return parent === folder ? Number.POSITIVE_INFINITY : freeDisk(parent);
}
