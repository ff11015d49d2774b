/** What tells that files of a folder have come, gone or been written, without reading any. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

/** Of a folder that cannot be read there is nothing to tell; opening it says why. */
export async function folderStamp(folder: string): Promise<string> {
  const names = await readdir(folder).catch(() => []);
  const files = await Promise.all(
    names.sort().map(async (name) => {
      const found = await stat(path.join(folder, name)).catch(() => undefined);
      return [name, found?.size, found?.mtimeMs];
    }),
  );
  return JSON.stringify(files);
}
