/**
 * The binding between Node and TensorFlow's C library: @tensorflow/tfjs-node's own sources, unchanged, compiled against the
 * C headers of the wheel. It is linked to empty libraries with the names of the real ones, so that neither their 800 MB nor
 * their symbol versions matter; the loader finds the real ones beside it. For systems where that was done beforehand
 * (npm run tensorflow:binding), the result lies in resources/tensorflow, with its SHA-256, and nothing is compiled.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { LabError } from '../../engine/errors.ts';
import { hashFile } from '../../engine/formats/durable-files.ts';
import { download } from './download.ts';
import { thisPlatform, type Wheel } from './offers.ts';

const TFJS_NODE: Wheel = {
  project: '@tensorflow/tfjs-node',
  file: 'tfjs-node-4.22.0.tgz',
  bytes: 228_166,
  sha256: 'd38a448a705efc6e655a080f896b3af646ae39dffbfe9c90b06cb9fc3a2b9358',
};
/** Node's C headers. */
const NODE_HEADERS: Wheel = {
  project: 'node-api-headers',
  file: 'node-api-headers-1.9.0.tgz',
  bytes: 16_974,
  sha256: '6cbfac49542194ae2c8f1dee5fa2dc00d66bec9cbf3b59e3a4e5f16d14eb0d19',
};
const PUBLIC_REGISTRY = 'https://registry.npmjs.org';

const SOURCES = ['tfjs_backend.cc', 'tfjs_binding.cc'];
const FLAGS = ['-std=c++17', '-O2', '-fPIC', '-fvisibility=hidden', '-DNAPI_VERSION=8'];
const isMac = process.platform === 'darwin';
const LIBRARIES = isMac
  ? ['libtensorflow_cc.2.dylib', 'libtensorflow_framework.2.dylib']
  : ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];

/** Of each system: the SHA-256 of the binding that was made beforehand. */
export const prebuiltSchema = z.record(z.string(), z.string());

/** Below the lab's resources. */
export function prebuiltBinding(resources: string, platform = thisPlatform()): string {
  return path.join(resources, 'tensorflow', platform, 'tfjs_binding.node');
}

export function prebuiltHashes(resources: string): string {
  return path.join(resources, 'tensorflow', 'bindings.json');
}

/** Puts the binding that was made beforehand to `out`; false where there is none for this system. */
export async function takePrebuilt(resources: string, out: string): Promise<boolean> {
  const file = prebuiltBinding(resources);
  if (!existsSync(file)) return false;
  const hashes = prebuiltSchema.parse(JSON.parse(await readFile(prebuiltHashes(resources), 'utf8')));
  if ((await hashFile(file)) !== hashes[thisPlatform()]) return false;
  await mkdir(path.dirname(out), { recursive: true });
  await copyFile(file, out);
  return true;
}

export interface CompileOptions {
  /** Folder of the C headers, as in the wheel's tensorflow/include. */
  readonly headers: string;
  /** Where the sources are downloaded to. */
  readonly downloads: string;
  /** A folder for what comes in between; it must not be there. */
  readonly work: string;
  readonly out: string;
  readonly signal: AbortSignal;
}

/** @throws LabError 'runtime-unavailable' where there is no compiler or it fails; 'download-failed' */
export async function compileBinding(options: CompileOptions): Promise<void> {
  const { headers, work, out, signal } = options;
  // Before anything is fetched: whether there is one at all.
  await compiler(['--version'], signal);
  await mkdir(work, { recursive: true });
  await mkdir(path.dirname(out), { recursive: true });
  try {
    const sources = path.join(await fetchPackage(TFJS_NODE, options), 'binding');
    const ofNode = path.join(await fetchPackage(NODE_HEADERS, options), 'include');
    const include = ['-I', ofNode, '-I', headers];
    const objects = await Promise.all(
      SOURCES.map(async (source) => {
        const object = path.join(work, `${source}.o`);
        await compiler([...FLAGS, ...include, '-c', path.join(sources, source), '-o', object], signal);
        return object;
      }),
    );
    const nothing = path.join(work, 'nothing.c');
    await writeFile(nothing, '');
    for (const library of LIBRARIES) {
      const name = isMac ? `-Wl,-install_name,@rpath/${library}` : `-Wl,-soname,${library}`;
      await compiler(['-x', 'c', nothing, '-shared', '-fPIC', name, '-o', path.join(work, library)], signal);
    }
    const link = isMac
      ? ['-Wl,-undefined,dynamic_lookup', '-Wl,-rpath,@loader_path/../tensorflow']
      : ['-s', '-Wl,--no-as-needed', '-Wl,-rpath,$ORIGIN/../tensorflow'];
    const libraries = LIBRARIES.map((library) => path.join(work, library));
    await compiler(['-shared', ...objects, ...link, ...libraries, '-o', out], signal);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** A package of npm's, unpacked. Nothing in it is run. */
async function fetchPackage(
  wheel: Wheel,
  { downloads, work, signal }: Pick<CompileOptions, 'downloads' | 'work' | 'signal'>,
): Promise<string> {
  const registry = (process.env.npm_config_registry || PUBLIC_REGISTRY).replace(/\/+$/, '');
  const address = async () => `${registry}/${wheel.project}/-/${wheel.file}`;
  const file = await download(wheel, address, { folder: downloads, signal });
  const folder = path.join(work, wheel.file);
  await mkdir(folder);
  await promisify(execFile)('tar', ['-xzf', file, '-C', folder, '--strip-components=1'], { signal });
  return folder;
}

async function compiler(words: readonly string[], signal: AbortSignal): Promise<void> {
  const program = process.env.CXX || 'c++';
  try {
    await promisify(execFile)(program, words, { signal });
  } catch (cause) {
    signal.throwIfAborted();
    const { code, stderr } = cause as { code?: unknown; stderr?: string };
    throw new LabError(
      'runtime-unavailable',
      code === 'ENOENT'
        ? `There is no C++ compiler here (${program}), which the binding to TensorFlow needs on this system. Install one and try again: "sudo apt-get install g++" on Debian and Ubuntu, "sudo dnf install gcc-c++" on Fedora, "xcode-select --install" on a Mac. What was downloaded stays.`
        : `The binding to TensorFlow could not be compiled by ${program}:\n${(stderr ?? String(cause)).slice(0, 2000)}`,
      { program },
      { cause },
    );
  }
}
