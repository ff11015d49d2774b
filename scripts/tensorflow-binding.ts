/**
 * npm run tensorflow:binding: compiles the binding to TensorFlow for this system and puts it, with its SHA-256, into
 * resources/tensorflow, from where the lab takes it when a person installs TensorFlow. It needs a C++ compiler, and fetches
 * the wheel for its headers unless that lies in packs/downloads already.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { hashFile } from '../src-main/engine/formats/durable-files.ts';
import {
  compileBinding,
  prebuiltBinding,
  prebuiltHashes,
  prebuiltSchema,
} from '../src-main/lab/packs/binding.ts';
import { download } from '../src-main/lab/packs/download.ts';
import { offersFor, placeOfHeader, thisPlatform } from '../src-main/lab/packs/offers.ts';
import { addressOf, packageIndex } from '../src-main/lab/packs/package-index.ts';
import { packPlaces } from '../src-main/lab/packs/places.ts';
import { unpack } from '../src-main/lab/packs/unpack.ts';

const RESOURCES = path.join(path.dirname(import.meta.dirname), 'resources');

const [wheel] = offersFor().find(({ device }) => device === 'cpu')?.wheels ?? [];
if (wheel === undefined) throw new Error(`There is no TensorFlow for ${thisPlatform()}.`);
const { signal } = new AbortController();
const folder = path.join(packPlaces().packs, 'downloads');
await mkdir(folder, { recursive: true });
const file = await download(wheel, () => addressOf(packageIndex(), wheel, signal), { folder, signal });
const work = await mkdtemp(path.join(os.tmpdir(), 'tensorflow-binding-'));
try {
  const headers = path.join(work, 'include');
  await unpack(file, { folder: headers, placeOf: placeOfHeader, signal });
  const out = prebuiltBinding(RESOURCES);
  await compileBinding({ headers, downloads: folder, work: path.join(work, 'work'), out, signal });
  const hashes = prebuiltHashes(RESOURCES);
  const known = existsSync(hashes) ? prebuiltSchema.parse(JSON.parse(await readFile(hashes, 'utf8'))) : {};
  const now = { ...known, [thisPlatform()]: await hashFile(out) };
  await writeFile(hashes, `${JSON.stringify(now, null, 2)}\n`);
  process.stdout.write(`${path.relative(process.cwd(), out)}: ${now[thisPlatform()]}\n`);
} finally {
  await rm(work, { recursive: true });
}
