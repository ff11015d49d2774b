/**
 * Looking for models and texts through the lab, where there is no file dialog. Only folders below the given roots can be
 * seen, whatever links in them point to.
 */
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { FolderList } from '../../src-preload/contract/shapes.ts';
import { LabError } from '../engine/errors.ts';

const TEXT_ENDINGS = ['.txt', '.md', '.jsonl', '.ndjson'];

/** @param folder null: the first root */
export async function listFolder(roots: readonly string[], folder: string | null): Promise<FolderList> {
  const realRoots = await Promise.all(roots.map((root) => realpath(root)));
  const place = await realpath(folder ?? realRoots[0]!).catch(() => undefined);
  if (place === undefined || !realRoots.some((root) => isWithin(root, place))) refuse(folder);
  const names = await readdir(place, { withFileTypes: true }).catch(() => refuse(folder));
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
        if (!isFolder && !TEXT_ENDINGS.includes(path.extname(name).toLowerCase())) return [];
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

function isWithin(root: string, place: string): boolean {
  const relative = path.relative(root, place);
  return relative === '' || (!relative.startsWith('..') && !path.isAbsolute(relative));
}

function compareEntries(first: FolderList['entries'][number], second: FolderList['entries'][number]): number {
  return Number(second.isFolder) - Number(first.isFolder) || first.name.localeCompare(second.name);
}

function refuse(folder: string | null): never {
  throw new LabError('bad-argument', `The folder ${folder} cannot be looked into from here.`, { folder });
}
