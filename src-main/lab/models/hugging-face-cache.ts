/**
 * Models that Hugging Face's programs have downloaded on this computer. Their cache has a folder for each model with its
 * versions in snapshots/; refs/main names the one that was asked for last. A version's files are links into blobs/, and are
 * read through them.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

const MODEL_PREFIX = 'models--';
/** Of a version: the hash of a commit. */
const REVISION = /^[0-9a-f]{6,64}$/;

/** Where the cache lies, by the variables that Hugging Face's programs read. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const { HF_HUB_CACHE, HF_HOME, XDG_CACHE_HOME } = environment;
  if (HF_HUB_CACHE) return path.resolve(HF_HUB_CACHE);
  const home = HF_HOME ?? path.join(XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'huggingface');
  return path.join(path.resolve(home), 'hub');
}

/** Folders of models, by name; those that are not downloaded as far as their configuration are left out. */
export async function findCachedModels(cache: string): Promise<string[]> {
  const names = await readdir(cache).catch(() => []);
  const found = await Promise.all(
    names
      .filter((name) => name.startsWith(MODEL_PREFIX))
      .sort((first, second) => first.localeCompare(second))
      .map((name) => currentVersion(path.join(cache, name))),
  );
  return found.flat();
}

/** "models--someone--tiny/snapshots/1a2b…" → "someone/tiny"; elsewhere the folder's own name. */
export function modelName(folder: string): string {
  const [model = '', snapshots] = folder.split(path.sep).slice(-3);
  if (snapshots !== 'snapshots' || !model.startsWith(MODEL_PREFIX)) return path.basename(folder);
  return model.slice(MODEL_PREFIX.length).replaceAll('--', '/');
}

async function currentVersion(model: string): Promise<string[]> {
  const revision = (await readFile(path.join(model, 'refs', 'main'), 'utf8').catch(() => '')).trim();
  if (!REVISION.test(revision)) return [];
  const folder = path.join(model, 'snapshots', revision);
  const isThere = await stat(path.join(folder, 'config.json')).catch(() => undefined);
  return isThere?.isFile() ? [folder] : [];
}
