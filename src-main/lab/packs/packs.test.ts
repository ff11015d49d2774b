import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { hashFile } from '../../engine/formats/durable-files.ts';
import { packFolder } from '../../engine/runtimes/tensorflow/pack.ts';
import { prebuiltBinding, prebuiltHashes } from './binding.ts';
import { type PackOffer, thisPlatform } from './offers.ts';
import { Packs } from './packs.ts';
import { FakeIndex, wheelOf, zip } from './wheels.fake.ts';

const CONTENT = zip({ 'tensorflow/libtensorflow_cc.so.2': 'the library '.repeat(20_000) });
const OFFER: PackOffer = {
  ...{ device: 'cpu', platform: thisPlatform(), diskBytes: 240_000, isTried: true },
  wheels: [wheelOf(CONTENT)],
};
let folder: string;
let index: FakeIndex;
let places: { packs: string; own?: string };
let resources: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'packs-'));
  index = await FakeIndex.start(CONTENT);
  places = { packs: path.join(folder, 'packs') };
  resources = path.join(folder, 'resources');
  const binding = prebuiltBinding(resources);
  await mkdir(path.dirname(binding), { recursive: true });
  await writeFile(binding, 'the binding');
  await writeFile(prebuiltHashes(resources), JSON.stringify({ [thisPlatform()]: await hashFile(binding) }));
});
afterEach(async () => {
  await index.close();
  await rm(folder, { recursive: true });
});

async function open(offers: readonly PackOffer[] = [OFFER]): Promise<Packs> {
  const packs = new Packs({ places, resources, offers, index: index.address });
  await packs.refresh();
  return packs;
}

function install(packs: Packs, signal = new AbortController().signal) {
  return packs.answers['packs.install']({ device: 'cpu' }, signal);
}

it('names size and source before anything is asked for, then installs and removes', async () => {
  const packs = await open();
  const offer = { device: 'cpu', downloadBytes: CONTENT.length, isInstalled: false };
  expect(packs.read()).toMatchObject({ source: new URL(index.address).host, offers: [offer], inUse: null });
  expect(index.asked).toEqual([]);
  let told = 0;
  packs.subscribe(() => told++);
  const stages = new Set<string>();
  for await (const { stage } of install(packs)) stages.add(stage);
  expect([...stages].at(-1)).toBe('done');
  expect(packs.read()).toMatchObject({ offers: [{ isInstalled: true }], inUse: 'cpu', problem: null });
  expect(told).toBe(1);
  await packs.answers['packs.remove']({ device: 'cpu' }, new AbortController().signal);
  expect(packs.read()).toMatchObject({ offers: [{ isInstalled: false }], inUse: null });
  expect(told).toBe(2);
});

it('ends an installation with who asked for it, and with the lab', async () => {
  index.cutAfter = 0;
  const packs = await open();
  const controller = new AbortController();
  const stopped = (async () => {
    for await (const _ of install(packs, controller.signal)) controller.abort();
  })();
  await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
  const closed = (async () => {
    for await (const _ of install(packs)) await packs.close();
  })();
  await expect(closed).rejects.toMatchObject({ name: 'AbortError' });
  expect(packs.read().inUse).toBeNull();
});

it('begins anew at once after it was cancelled', async () => {
  const packs = await open();
  const controller = new AbortController();
  const first = install(packs, controller.signal)[Symbol.asyncIterator]();
  await first.next();
  controller.abort();
  const stopped = first.next();
  const stages: string[] = [];
  const second = (async () => {
    for await (const { stage } of install(packs)) stages.push(stage);
  })();
  await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
  await second;
  expect(stages.at(-1)).toBe('done');
});

it('tells who asked why it failed', async () => {
  index.status = 404;
  const packs = await open();
  const failed = (async () => {
    for await (const _ of install(packs));
  })();
  await expect(failed).rejects.toMatchObject({ code: 'download-failed' });
});

it('says what is wrong with a pack that is not whole, and that there is none for this system', async () => {
  await mkdir(packFolder(places.packs, 'cpu'), { recursive: true });
  const packs = await open();
  expect(packs.read().inUse).toBeNull();
  expect(packs.read().problem).toContain('not whole');
  const nowhere = await open([]);
  expect(nowhere.read()).toMatchObject({ offers: [] });
  expect(nowhere.read().advice).not.toBeNull();
});

it("uses a person's own tfjs-node, or says what is wrong with it", async () => {
  const own = path.join(folder, 'tfjs-node');
  places = { ...places, own };
  expect((await open()).read().problem).toContain('HYPERFIT_TFJS_NODE');
  await mkdir(path.join(own, 'lib/napi-v8'), { recursive: true });
  await writeFile(path.join(own, 'lib/napi-v8/tfjs_binding.node'), 'binding');
  const about = { name: '@tensorflow/tfjs-node-gpu', version: '4.22.0' };
  await writeFile(path.join(own, 'package.json'), JSON.stringify(about));
  expect((await open()).read()).toMatchObject({ inUse: 'own', problem: null });
});
