/**
 * llama.cpp for the comparison: the npm package node-llama-cpp with its prebuilt binary for the processor. It is no part of the
 * project's dependencies: it lies in .cache, under a package.json of its own, and no script of it runs.
 */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ROOT } from '../cli/run-lab.ts';
import { runProgram } from './child.ts';

const VERSION = '3.22.1';
const HOME = path.join(ROOT, '.cache', 'bench-llama-cpp');
const ENTRY = path.join(HOME, 'node_modules', 'node-llama-cpp', 'dist', 'index.js');
const BINARIES: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'darwin-x64': 'mac-x64',
  'darwin-arm64': 'mac-arm64-metal',
  'win32-x64': 'win-x64',
  'win32-arm64': 'win-arm64',
};

/** The module that node-llama-cpp is; undefined where it is not installed. */
export function findLlamaCpp(): string | undefined {
  return existsSync(ENTRY) ? ENTRY : undefined;
}

export async function installLlamaCpp(signal: AbortSignal): Promise<void> {
  const binary = BINARIES[`${process.platform}-${process.arch}`];
  if (binary === undefined) {
    process.stderr.write('There is no prebuilt llama.cpp for this computer: its rows are left out.\n');
    return;
  }
  process.stderr.write('Installing node-llama-cpp in .cache/bench-llama-cpp …\n');
  const dependencies = { 'node-llama-cpp': VERSION, [`@node-llama-cpp/${binary}`]: VERSION };
  await mkdir(HOME, { recursive: true });
  await writeFile(path.join(HOME, 'package.json'), JSON.stringify({ private: true, dependencies }, null, 2));
  // Its optional packages are binaries for graphics cards, of hundreds of megabytes.
  const words = ['install', '--ignore-scripts', '--omit=optional', '--no-audit', '--no-fund'];
  await runProgram(process.platform === 'win32' ? 'npm.cmd' : 'npm', words, signal, HOME);
}
