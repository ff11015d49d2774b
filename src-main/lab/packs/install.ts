/**
 * Installs the TensorFlow pack, and removes it. Wheels come into packs/downloads, where a broken download goes on; the pack
 * is put together in a folder with another name and renamed when it is whole, so there is a whole one or none. Nothing is
 * fetched unless a person has asked for it, here or on the command line.
 */
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LabError } from '../../engine/errors.ts';
import { commitFolder, diskErrors, hashFile } from '../../engine/formats/durable-files.ts';
import {
  BINDING,
  PACK_FILE,
  type PackDevice,
  packFolder,
  packSchema,
  TENSORFLOW_VERSION,
  TFJS_VERSION,
  verifyPack,
} from '../../engine/runtimes/tensorflow/pack.ts';
import { lockFolder } from '../data-folder.ts';
import { compileBinding, takePrebuilt } from './binding.ts';
import { download } from './download.ts';
import { downloadBytes, type PackOffer, placeInPack, placeOfHeader } from './offers.ts';
import { addressOf } from './package-index.ts';
import { type Unpacked, unpack } from './unpack.ts';

/** "checking": a pack that is there already, byte by byte. */
export type InstallStage = 'checking' | 'downloading' | 'unpacking' | 'binding' | 'saving';

export interface InstallOptions {
  readonly packs: string;
  readonly offer: PackOffer;
  /** Address of the package index. */
  readonly index: string;
  /** The lab's own, with bindings that were made beforehand. */
  readonly resources: string;
  readonly signal: AbortSignal;
  /** Share of the stage that is done. */
  readonly onProgress?: (stage: InstallStage, share: number) => void;
}

const TEMPORARY_ENDING = '.tmp';
const TFJS_LICENCE = `@tensorflow/tfjs-node ${TFJS_VERSION}, from whose sources the binding is compiled.
Copyright Google LLC. Licensed under the Apache License, Version 2.0, whose text lies beside in tensorflow's LICENSE.
`;

/**
 * A pack that is there and whole stays as it is; one that is damaged is made anew.
 *
 * @returns the pack's folder
 * @throws LabError 'download-failed', 'disk-full', 'runtime-unavailable', 'store-in-use'; an AbortError. What was
 * downloaded stays for the next try, and nothing else does.
 */
export async function installPack(options: InstallOptions): Promise<string> {
  const { packs, offer, signal, onProgress } = options;
  const final = packFolder(packs, offer.device);
  return alone(packs, async () => {
    if (existsSync(final) && (await isWhole(final, signal, (share) => onProgress?.('checking', share))))
      return final;
    const temporary = `${final}${TEMPORARY_ENDING}`;
    await rm(temporary, { recursive: true, force: true });
    await checkRoom(packs, offer);
    try {
      const wheels = await fetchWheels(options);
      await putTogether(temporary, wheels, options);
      onProgress?.('saving', 0);
      signal.throwIfAborted();
      await rm(final, { recursive: true, force: true });
      await commitFolder(temporary, final);
    } catch (error) {
      await rm(temporary, { recursive: true, force: true });
      throw error;
    }
    await rm(downloads(packs), { recursive: true, force: true });
    onProgress?.('saving', 1);
    return final;
  });
}

/** The pack, and what was downloaded for it. @returns whether there was anything */
export async function removePack(packs: string, device: PackDevice): Promise<boolean> {
  const folder = packFolder(packs, device);
  const places = [folder, `${folder}${TEMPORARY_ENDING}`, downloads(packs)];
  if (!places.some((place) => existsSync(place))) return false;
  return alone(packs, async () => {
    const temporary = `${folder}${TEMPORARY_ENDING}`;
    await rm(temporary, { recursive: true, force: true });
    // Under its other name, half a pack is none.
    if (existsSync(folder)) await diskErrors(folder, () => rename(folder, temporary));
    await rm(temporary, { recursive: true, force: true });
    await rm(downloads(packs), { recursive: true, force: true });
    return true;
  });
}

/** Whether a pack lies there, whole or not. */
export async function isInstalled(packs: string, device: PackDevice): Promise<boolean> {
  return existsSync(packFolder(packs, device));
}

async function alone<Result>(packs: string, work: () => Promise<Result>): Promise<Result> {
  await diskErrors(packs, () => mkdir(packs, { recursive: true }));
  const release = lockFolder(
    packs,
    'A runtime is being installed or removed there by another lab, or by the command line. Wait until that is done.',
  );
  try {
    return await work();
  } finally {
    release();
  }
}

async function isWhole(
  folder: string,
  signal: AbortSignal,
  onProgress: (share: number) => void,
): Promise<boolean> {
  try {
    await verifyPack(folder, signal, onProgress);
    return true;
  } catch (error) {
    if (error instanceof LabError) return false;
    throw error;
  }
}

/** Said before an hour of downloading, rather than after it. */
async function checkRoom(packs: string, offer: PackOffer): Promise<void> {
  const { bavail, bsize } = await statfs(packs);
  const needed = downloadBytes(offer) + offer.diskBytes;
  if (bavail * bsize >= needed) return;
  throw new LabError(
    'disk-full',
    `TensorFlow needs ${gigabytes(needed)} of room while it is installed, and the disk with ${packs} has ${gigabytes(bavail * bsize)}. Free some space and try again.`,
    { needed, free: bavail * bsize },
  );
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

async function fetchWheels({ packs, offer, index, signal, onProgress }: InstallOptions): Promise<string[]> {
  const folder = downloads(packs);
  await diskErrors(folder, () => mkdir(folder, { recursive: true }));
  const total = downloadBytes(offer);
  const files: string[] = [];
  let before = 0;
  for (const wheel of offer.wheels) {
    const tell = (bytes: number) => onProgress?.('downloading', (before + bytes) / total);
    tell(0);
    files.push(
      await download(wheel, () => addressOf(index, wheel, signal), { folder, signal, onProgress: tell }),
    );
    before += wheel.bytes;
  }
  return files;
}

async function putTogether(
  folder: string,
  wheels: readonly string[],
  options: InstallOptions,
): Promise<void> {
  const { packs, offer, resources, signal, onProgress } = options;
  const unpacked: Unpacked[] = [];
  let bytes = 0;
  for (const [place, wheel] of wheels.entries()) {
    const found = await unpack(wheel, {
      ...{ folder, signal, placeOf: (name) => placeInPack(name, offer.wheels[place]!) },
      onBytes: (more) => {
        bytes += more;
        onProgress?.('unpacking', Math.min(1, bytes / offer.diskBytes));
      },
    });
    unpacked.push(...found);
  }
  onProgress?.('binding', 0);
  signal.throwIfAborted();
  const binding = path.join(folder, BINDING);
  if (!(await takePrebuilt(resources, binding))) {
    const headers = path.join(folder, 'include');
    for (const wheel of wheels) await unpack(wheel, { folder: headers, placeOf: placeOfHeader, signal });
    const work = path.join(folder, 'work');
    await compileBinding({ headers, downloads: downloads(packs), work, out: binding, signal });
    await rm(headers, { recursive: true, force: true });
  }
  unpacked.push(await describe(folder, BINDING));
  const licence = 'licences/tfjs-node/LICENSE';
  await mkdir(path.dirname(path.join(folder, licence)), { recursive: true });
  await writeFile(path.join(folder, licence), TFJS_LICENCE);
  unpacked.push(await describe(folder, licence));
  const manifest = packSchema.parse({
    ...{ version: 1, tensorflow: TENSORFLOW_VERSION, tfjs: TFJS_VERSION, device: offer.device },
    files: Object.fromEntries(unpacked.map(({ name, ...file }) => [name, file])),
  });
  await writeFile(path.join(folder, PACK_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
}

async function describe(folder: string, name: string): Promise<Unpacked> {
  const file = path.join(folder, name);
  return { name, bytes: (await stat(file)).size, sha256: await hashFile(file) };
}

function downloads(packs: string): string {
  return path.join(packs, 'downloads');
}
