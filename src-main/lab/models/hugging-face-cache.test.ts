import { cp, mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FIXTURES } from '../../../tests/cli/run-lab.ts';
import { cacheFolder, findCachedModels, modelName } from './hugging-face-cache.ts';
import { inspectModel } from './inspect-model.ts';

let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(path.join(os.tmpdir(), 'cache-'));
});
afterEach(() => rm(cache, { recursive: true }));

/** As Hugging Face's programs leave it: the files in blobs/, and links to them in snapshots/. */
async function download(name: string, revision: string): Promise<string> {
  const model = path.join(cache, `models--${name}`);
  const snapshot = path.join(model, 'snapshots', revision);
  await cp(path.join(FIXTURES, 'llama'), path.join(model, 'blobs'), { recursive: true });
  await mkdir(snapshot, { recursive: true });
  for (const [index, file] of (await readdir(path.join(model, 'blobs'))).entries()) {
    await rename(path.join(model, 'blobs', file), path.join(model, 'blobs', `blob${index}`));
    await symlink(`../../blobs/blob${index}`, path.join(snapshot, file));
  }
  await mkdir(path.join(model, 'refs'));
  await writeFile(path.join(model, 'refs', 'main'), revision);
  return snapshot;
}

describe('the Hugging Face cache', () => {
  it('has models that can be read through their links', async () => {
    const snapshot = await download('someone--tiny--llama', '1a2b3c4d5e');
    expect(await findCachedModels(cache)).toEqual([snapshot]);
    expect(modelName(snapshot)).toBe('someone/tiny/llama');
    expect(await inspectModel(snapshot)).toMatchObject({ architecture: 'llama' });
  });

  it('may hold what is no model: other things, half of a download, a version that leads out of it', async () => {
    await mkdir(path.join(cache, 'datasets--someone--texts', 'refs'), { recursive: true });
    const half = await download('someone--half', '1a2b3c4d5e');
    await rm(path.join(half, 'config.json'));
    await download('someone--out', 'abcdef');
    await writeFile(path.join(cache, 'models--someone--out', 'refs', 'main'), '../../..');
    expect(await findCachedModels(cache)).toEqual([]);
    expect(await findCachedModels(path.join(cache, 'nowhere'))).toEqual([]);
  });

  it('lies where its variables say', () => {
    expect(cacheFolder({ HF_HUB_CACHE: '/a', HF_HOME: '/b' })).toBe('/a');
    expect(cacheFolder({ HF_HOME: '/b' })).toBe('/b/hub');
    expect(cacheFolder({ XDG_CACHE_HOME: '/c' })).toBe('/c/huggingface/hub');
    expect(cacheFolder({})).toBe(path.join(os.homedir(), '.cache', 'huggingface', 'hub'));
  });
});
