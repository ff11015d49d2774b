import { existsSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { hashFile } from '../../engine/formats/durable-files.ts';
import { findPack, packFolder, verifyPack } from '../../engine/runtimes/tensorflow/pack.ts';
import { lockFolder } from '../data-folder.ts';
import { prebuiltBinding, prebuiltHashes } from './binding.ts';
import { type InstallOptions, type InstallStage, installPack, removePack } from './install.ts';
import { adviceFor, downloadBytes, offersFor, type PackOffer, thisPlatform } from './offers.ts';
import { FakeIndex, wheelOf, zip } from './wheels.fake.ts';

const LIBRARY = 'tensorflow/libtensorflow_cc.so.2';
const CONTENT = zip({
  'tensorflow/__init__.py': 'import everything',
  [LIBRARY]: 'the library '.repeat(20_000),
  'tensorflow/libtensorflow_framework.so.2': 'the framework',
  'tensorflow/THIRD_PARTY_NOTICES.txt': 'notices',
  'made_up-1.0.dist-info/licenses/LICENSE.txt': 'a licence',
});
const OFFER: PackOffer = {
  ...{ device: 'cpu', platform: thisPlatform(), diskBytes: 240_013, isTried: true },
  wheels: [wheelOf(CONTENT)],
};
let folder: string;
let packs: string;
let index: FakeIndex;
let options: InstallOptions;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'install-'));
  packs = path.join(folder, 'packs');
  index = await FakeIndex.start(CONTENT);
  const resources = path.join(folder, 'resources');
  const binding = prebuiltBinding(resources);
  await mkdir(path.dirname(binding), { recursive: true });
  await writeFile(binding, 'the binding');
  await writeFile(prebuiltHashes(resources), JSON.stringify({ [thisPlatform()]: await hashFile(binding) }));
  options = { packs, offer: OFFER, index: index.address, resources, signal: new AbortController().signal };
});
afterEach(async () => {
  await index.close();
  await rm(folder, { recursive: true });
});

/** Nothing but what may lie beside packs. */
async function expectNoPack(): Promise<void> {
  expect((await readdir(packs)).filter((name) => !['downloads', 'lock'].includes(name))).toEqual([]);
}

it('makes a pack of what is needed, with its licences, and leaves no download behind', async () => {
  const stages: InstallStage[] = [];
  const made = await installPack({ ...options, onProgress: (stage) => stages.push(stage) });
  expect([...new Set(stages)]).toEqual(['downloading', 'unpacking', 'binding', 'saving']);
  await verifyPack(made);
  expect(await findPack({ packs })).toMatchObject({ kind: 'cpu', folder: made });
  const files = await readdir(made, { recursive: true, withFileTypes: true });
  const names = files.filter((entry) => entry.isFile()).map(({ name }) => name);
  expect(names.sort()).toEqual([
    ...['LICENSE', 'LICENSE.txt', 'THIRD_PARTY_NOTICES.txt', 'libtensorflow_cc.so.2'],
    ...['libtensorflow_framework.so.2', 'pack.json', 'tfjs_binding.node'],
  ]);
  expect(await readFile(path.join(made, LIBRARY), 'utf8')).toBe('the library '.repeat(20_000));
  expect((await readdir(packs)).sort()).toEqual(['lock', 'tensorflow-cpu']);
});

it.each<InstallStage>(['downloading', 'unpacking', 'binding', 'saving'])(
  'leaves no half pack when it is stopped while %s, and goes on with what was downloaded',
  async (last) => {
    const controller = new AbortController();
    const stopped = installPack({
      ...options,
      signal: controller.signal,
      onProgress: (stage) => stage === last && controller.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
    await expectNoPack();
    await verifyPack(await installPack(options));
    expect(index.asked.length).toBeLessThanOrEqual(last === 'downloading' ? 2 : 1);
  },
);

it.each([1, 1000, CONTENT.length - 1])(
  'goes on where the network broke off after %i bytes',
  async (bytes) => {
    index.cutAfter = bytes;
    index.statusAfterCut = 503;
    await expect(installPack(options)).rejects.toMatchObject({ code: 'download-failed' });
    await expectNoPack();
    index.cutAfter = Number.POSITIVE_INFINITY;
    index.status = undefined;
    await verifyPack(await installPack(options));
    expect(index.asked.at(-1)).toBe(bytes);
  },
);

it('sweeps away what a killed process left', async () => {
  const half = `${packFolder(packs, 'cpu')}.tmp`;
  await mkdir(path.join(half, 'tensorflow'), { recursive: true });
  await writeFile(path.join(half, 'tensorflow', 'half'), 'half');
  await expect(findPack({ packs })).rejects.toMatchObject({ code: 'runtime-unavailable' });
  await verifyPack(await installPack(options));
  expect(existsSync(half)).toBe(false);
});

it('makes no pack of a wheel that is another, or none', async () => {
  index.content = Buffer.from(CONTENT).fill(0, 100, 200);
  await expect(installPack(options)).rejects.toThrow(/SHA-256/);
  await expectNoPack();
  index.content = Buffer.from('no zip at all');
  const offer = { ...OFFER, wheels: [wheelOf(index.content)] };
  await expect(installPack({ ...options, offer })).rejects.toThrow(/cannot be unpacked/);
  await expectNoPack();
});

it('leaves a whole pack as it is without asking anybody, and makes a damaged one anew', async () => {
  const made = await installPack(options);
  index.status = 503;
  await installPack(options);
  index.status = undefined;
  await appendFile(path.join(made, LIBRARY), '!');
  await installPack(options);
  await verifyPack(made);
  expect(index.asked).toEqual([0, 0]);
});

it('does not use a binding that is another than the one that was made', async () => {
  await appendFile(prebuiltBinding(options.resources), '!');
  const environment = process.env.CXX;
  process.env.CXX = path.join(folder, 'no-such-compiler');
  try {
    const error = await installPack(options).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'runtime-unavailable' });
    expect(error.message).toMatch(/no C\+\+ compiler.*apt-get install g\+\+/);
    await expectNoPack();
  } finally {
    if (environment === undefined) delete process.env.CXX;
    else process.env.CXX = environment;
  }
});

it('says before it fetches anything that the disk is too small', async () => {
  const offer = { ...OFFER, diskBytes: Number.MAX_SAFE_INTEGER };
  await expect(installPack({ ...options, offer })).rejects.toMatchObject({ code: 'disk-full' });
  expect(index.asked).toEqual([]);
});

it('lets one process at a time install or remove', async () => {
  await mkdir(packs, { recursive: true });
  const release = lockFolder(packs, 'busy');
  await expect(installPack(options)).rejects.toMatchObject({ code: 'store-in-use' });
  release();
  await installPack(options);
});

it('removes a pack and what was downloaded for it', async () => {
  expect(await removePack(packs, 'cpu')).toBe(false);
  const made = await installPack(options);
  await mkdir(path.join(packs, 'downloads'));
  expect(await removePack(packs, 'cpu')).toBe(true);
  expect(existsSync(made)).toBe(false);
  expect(await readdir(packs)).toEqual(['lock']);
});

it('knows what there is for which system, and what to do where there is nothing', () => {
  expect(offersFor('linux-x64').map(({ device }) => device)).toEqual(['cpu', 'gpu']);
  expect(offersFor('darwin-arm64').map(({ device }) => device)).toEqual(['cpu']);
  expect(offersFor('win32-x64')).toEqual([]);
  expect(adviceFor('win32-x64')).toMatch(/WebGPU.*WSL/);
  expect(adviceFor('linux-arm64')).toContain('linux-arm64');
  for (const offer of ['linux-x64', 'darwin-arm64'].flatMap((platform) => offersFor(platform))) {
    expect(downloadBytes(offer)).toBeGreaterThan(200e6);
    for (const { sha256, file } of offer.wheels) {
      expect(sha256).toMatch(/^[\da-f]{64}$/);
      expect(file).toMatch(/\.whl$/);
    }
  }
});
