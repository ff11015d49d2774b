/**
 * A runtime pack: TensorFlow's library and the binding to it, in a folder that was put there on request. Who installs it
 * is the lab (lab/packs); here is what lies in one, how it is found and how it is checked.
 *
 *     packs/tensorflow-cpu/  pack.json, binding/tfjs_binding.node, tensorflow/libtensorflow_cc.so.2 …, licences/
 *
 * The binding looks for the library at ../tensorflow, and TensorFlow for CUDA at ../nvidia, as Python's folders lie.
 */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { LabError } from '../../errors.ts';
import { hashFile } from '../../formats/durable-files.ts';

export const TENSORFLOW_VERSION = '2.21.0';
export const TFJS_VERSION = '4.22.0';
export const PACK_FILE = 'pack.json';
export const BINDING = 'binding/tfjs_binding.node';

export const packDeviceSchema = z.enum(['cpu', 'gpu']);
export type PackDevice = z.infer<typeof packDeviceSchema>;

export const packSchema = z.strictObject({
  version: z.literal(1),
  tensorflow: z.literal(TENSORFLOW_VERSION),
  tfjs: z.literal(TFJS_VERSION),
  device: packDeviceSchema,
  /** All files of the pack but this one, by their paths in it, with "/" between. */
  files: z.record(z.string(), z.strictObject({ bytes: z.int().nonnegative(), sha256: z.string() })),
});
export type PackManifest = z.infer<typeof packSchema>;

export interface TensorFlowPack {
  /** "own": not installed by the lab, but the binding of a tfjs-node that works on this computer already. */
  readonly kind: PackDevice | 'own';
  readonly folder: string;
  /** What `process.dlopen` loads. */
  readonly binding: string;
}

/** Where to look. */
export interface PackPlaces {
  /** Folder with a folder for each pack. */
  readonly packs?: string | undefined;
  /** The folder of a working @tensorflow/tfjs-node or tfjs-node-gpu; it comes first. */
  readonly own?: string | undefined;
}

export function packFolder(packs: string, device: PackDevice): string {
  return path.join(packs, `tensorflow-${device}`);
}

/**
 * The pack to compute with: a person's own, the one for graphics cards, the one for the processor. Sizes are checked.
 *
 * @throws LabError 'runtime-unavailable' where there is none, or where the first that is there is not whole
 */
export async function findPack({ packs, own }: PackPlaces): Promise<TensorFlowPack> {
  if (own !== undefined) return ownBinding(own);
  for (const device of packs === undefined ? [] : (['gpu', 'cpu'] as const)) {
    const folder = packFolder(packs!, device);
    if (!(await exists(folder))) continue;
    await checkPack(folder);
    return { kind: device, folder, binding: path.join(folder, BINDING) };
  }
  throw new LabError(
    'runtime-unavailable',
    'TensorFlow is not installed here: get it in Settings or by "npm run tensorflow:install". The runtime cpu needs nothing more.',
    { packs },
  );
}

/** @throws LabError 'runtime-unavailable' where a file is missing or has another size than when it was installed */
export async function checkPack(folder: string): Promise<PackManifest> {
  const manifest = await readManifest(folder);
  for (const [name, { bytes }] of Object.entries(manifest.files)) {
    const found = await stat(path.join(folder, name)).catch(() => undefined);
    if (found?.size !== bytes) throw broken(folder, name);
  }
  return manifest;
}

/**
 * Reads every byte.
 *
 * @param onProgress share that is read
 * @throws LabError 'runtime-unavailable' where a file is not what was installed
 */
export async function verifyPack(
  folder: string,
  signal?: AbortSignal,
  onProgress?: (share: number) => void,
): Promise<void> {
  const { files } = await checkPack(folder);
  const total = Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  for (const [name, { bytes, sha256 }] of Object.entries(files)) {
    signal?.throwIfAborted();
    if ((await hashFile(path.join(folder, name))) !== sha256) throw broken(folder, name);
    done += bytes;
    onProgress?.(total === 0 ? 1 : done / total);
  }
}

async function readManifest(folder: string): Promise<PackManifest> {
  const file = path.join(folder, PACK_FILE);
  const written: unknown = await readFile(file, 'utf8')
    .then(JSON.parse)
    .catch(() => undefined);
  const parsed = packSchema.safeParse(written);
  if (parsed.success) return parsed.data;
  throw broken(folder, PACK_FILE);
}

function broken(folder: string, file: string): LabError {
  return new LabError(
    'runtime-unavailable',
    `The TensorFlow in ${folder} is not whole, or of another version of the lab (${file}). Remove it and install it anew, in Settings or by "npm run tensorflow:install".`,
    { folder, file },
  );
}

const packageSchema = z.object({
  name: z.enum(['@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu']),
  version: z.string().startsWith('4.'),
});

async function ownBinding(folder: string): Promise<TensorFlowPack> {
  const binding = path.join(folder, 'lib/napi-v8/tfjs_binding.node');
  const about: unknown = await readFile(path.join(folder, 'package.json'), 'utf8')
    .then(JSON.parse)
    .catch(() => undefined);
  if (packageSchema.safeParse(about).success && (await exists(binding)))
    return { kind: 'own', folder, binding };
  throw new LabError(
    'runtime-unavailable',
    `${folder} should be the folder of a @tensorflow/tfjs-node 4 that works, with ${path.join('lib', 'napi-v8', 'tfjs_binding.node')} in it. Correct HYPERFIT_TFJS_NODE, or leave it out.`,
    { folder },
  );
}

function exists(place: string): Promise<boolean> {
  return stat(place).then(
    () => true,
    () => false,
  );
}
