import { createHash } from 'node:crypto';
import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  BINDING,
  findPack,
  PACK_FILE,
  type PackDevice,
  packFolder,
  packSchema,
  TENSORFLOW_VERSION,
  TFJS_VERSION,
  verifyPack,
} from './pack.ts';

let packs: string;
beforeEach(async () => {
  packs = await mkdtemp(path.join(os.tmpdir(), 'packs-'));
});
afterEach(() => rm(packs, { recursive: true }));

const CONTENT = 'a binding';

async function putPack(device: PackDevice): Promise<string> {
  const folder = packFolder(packs, device);
  await write(path.join(folder, BINDING), CONTENT);
  const sha256 = createHash('sha256').update(CONTENT).digest('hex');
  const manifest = packSchema.parse({
    ...{ version: 1, tensorflow: TENSORFLOW_VERSION, tfjs: TFJS_VERSION, device },
    files: { [BINDING]: { bytes: CONTENT.length, sha256 } },
  });
  await writeFile(path.join(folder, PACK_FILE), JSON.stringify(manifest));
  return folder;
}

async function write(file: string, content: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
}

it('takes the pack for graphics cards before the one for the processor', async () => {
  const cpu = await putPack('cpu');
  expect(await findPack({ packs })).toEqual({ kind: 'cpu', folder: cpu, binding: path.join(cpu, BINDING) });
  await putPack('gpu');
  expect((await findPack({ packs })).kind).toBe('gpu');
});

it('says how to get one where there is none', async () => {
  const error = await findPack({ packs }).catch((thrown) => thrown);
  expect(error).toMatchObject({ code: 'runtime-unavailable' });
  expect(error.message).toContain('npm run tensorflow:install');
  await expect(findPack({})).rejects.toMatchObject({ code: 'runtime-unavailable' });
});

it('refuses a pack that lacks a file, is longer or shorter, or comes from another version of the lab', async () => {
  const folder = await putPack('cpu');
  await appendFile(path.join(folder, BINDING), '!');
  await expect(findPack({ packs })).rejects.toThrow(/not whole/);
  await rm(path.join(folder, BINDING));
  await expect(findPack({ packs })).rejects.toThrow(/not whole/);
  await putPack('cpu');
  await writeFile(path.join(folder, PACK_FILE), JSON.stringify({ version: 2 }));
  await expect(findPack({ packs })).rejects.toThrow(/another version/);
});

it('finds a changed byte when asked to read them all', async () => {
  const folder = await putPack('cpu');
  const shares: number[] = [];
  await verifyPack(folder, undefined, (share) => shares.push(share));
  expect(shares).toEqual([1]);
  await writeFile(path.join(folder, BINDING), 'b binding');
  expect((await findPack({ packs })).kind).toBe('cpu');
  await expect(verifyPack(folder)).rejects.toThrow(/tfjs_binding/);
});

it("accepts a person's own tfjs-node, and says what is wrong with one that is none", async () => {
  await putPack('cpu');
  const own = path.join(packs, 'own');
  await expect(findPack({ packs, own })).rejects.toThrow(/HYPERFIT_TFJS_NODE/);
  await write(
    path.join(own, 'package.json'),
    JSON.stringify({ name: '@tensorflow/tfjs-node', version: '4.22.0' }),
  );
  await expect(findPack({ packs, own })).rejects.toThrow(/HYPERFIT_TFJS_NODE/);
  const binding = path.join(own, 'lib/napi-v8/tfjs_binding.node');
  await write(binding, CONTENT);
  expect(await findPack({ packs, own })).toEqual({ kind: 'own', folder: own, binding });
});
