/**
 * Looking for models and texts through the lab, where there is no file dialog. Only folders below the given roots can be
 * seen, whatever links in them point to.
 */
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { FolderList } from '../../../src-preload/contract/endpoints/system.ts';
import { LabError } from '../../engine/errors.ts';
import { DATA_SET_ENDINGS } from '../../engine/text/documents/open-records.ts';
import { isWithin } from './is-within.ts';

/** @param folder null: the first root */
export async function listFolder(roots: readonly string[], folder: string | null): Promise<FolderList> {
  // A root may be gone, such as a disk that was taken out.
  const found = await Promise.all(roots.map((root) => realpath(root).catch(() => [])));
  const realRoots = found.flat();
  const asked = folder ?? realRoots[0] ?? roots.join(', ');
  const place = await realpath(asked).catch(() => refuse(asked));
  if (!realRoots.some((root) => isWithin(root, place))) refuse(asked);
  const names = await readdir(place, { withFileTypes: true }).catch(() => refuse(asked));
  const entries = await Promise.all(
    names
      .filter(({ name }) => !name.startsWith('.'))
      .map(async ({ name }) => {
        const entry = path.join(place, name);
        const found = await stat(entry).catch(() => undefined);
        const real = await realpath(entry).catch(() => undefined);
        if (found === undefined || real === undefined || !realRoots.some((root) => isWithin(root, real)))
          return [];
        const isFolder = found.isDirectory();
        if (!isFolder && !DATA_SET_ENDINGS.includes(path.extname(name).toLowerCase())) return [];
        const isModel =
          isFolder && (await stat(path.join(entry, 'config.json')).catch(() => undefined)) !== undefined;
        return [{ name, path: entry, isFolder, isModel }];
      }),
  );
  return {
    folder: place,
    parent: realRoots.includes(place) ? null : path.dirname(place),
    entries: entries.flat().sort((first, second) => compareEntries(first, second)),
  };
}

function compareEntries(first: FolderList['entries'][number], second: FolderList['entries'][number]): number {
  return Number(second.isFolder) - Number(first.isFolder) || first.name.localeCompare(second.name);
}

function refuse(folder: string): never {
  throw new LabError(
    'bad-argument',
    `The folder ${folder} cannot be looked into from here: it is not there, or not among those that the lab may see. Choose another, or type the whole path of what you want to use.`,
    { folder },
  );
}
