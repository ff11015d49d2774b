import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it, type TestContext } from 'vitest';
import { BINDING, findPack, TENSORFLOW_VERSION } from '../../engine/runtimes/tensorflow/pack.ts';
import { compileBinding } from './binding.ts';
import { placeOfHeader } from './offers.ts';
import { packPlaces } from './places.ts';
import { unpack } from './unpack.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'binding-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function packOrSkip({ skip }: TestContext): Promise<string> {
  const pack = await findPack({ packs: packPlaces().packs }).catch(() => undefined);
  return pack?.folder ?? skip('TensorFlow is not installed here: npm run tensorflow:install');
}

/** In a process of its own: what is loaded stays. */
async function versionBy(binding: string): Promise<string> {
  const script = `const m = { exports: {} }; process.dlopen(m, ${JSON.stringify(binding)}); process.stdout.write(m.exports.TF_Version)`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script]);
  return stdout;
}

it('loads the TensorFlow of the installed pack', async (context) => {
  const pack = await packOrSkip(context);
  expect(await versionBy(path.join(pack, BINDING))).toBe(TENSORFLOW_VERSION);
});

it('compiles from its sources, and loads TensorFlow', async (context) => {
  const pack = await packOrSkip(context);
  const wheel = process.env.HYPERFIT_TENSORFLOW_WHEEL ?? '';
  if (!existsSync(wheel)) context.skip('It needs a wheel of TensorFlow: HYPERFIT_TENSORFLOW_WHEEL=FILE');
  const compiler = await promisify(execFile)('c++', ['--version']).catch(() => undefined);
  if (compiler === undefined) context.skip('There is no C++ compiler here');
  const { signal } = new AbortController();
  const headers = path.join(folder, 'include');
  await unpack(wheel, { folder: headers, placeOf: placeOfHeader, signal });
  const out = path.join(folder, BINDING);
  await compileBinding({ headers, downloads: folder, work: path.join(folder, 'work'), out, signal });
  await symlink(path.join(pack, 'tensorflow'), path.join(folder, 'tensorflow'));
  expect(await versionBy(out)).toBe(TENSORFLOW_VERSION);
});
