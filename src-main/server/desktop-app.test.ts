import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { electronProgram } from './desktop-app.ts';

let electron: string;
beforeEach(async () => {
  electron = await mkdtemp(path.join(os.tmpdir(), 'electron-'));
  vi.stubEnv('DISPLAY', ':0');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(electron, { recursive: true });
});

it('finds the program only where its download is complete', async () => {
  expect(electronProgram(electron)).toBeUndefined();
  await writeFile(path.join(electron, 'path.txt'), 'electron\n');
  expect(electronProgram(electron)).toBeUndefined();
  await mkdir(path.join(electron, 'dist'));
  await writeFile(path.join(electron, 'dist', 'electron'), '');
  expect(electronProgram(electron)).toBe(path.join(electron, 'dist', 'electron'));
});

it.runIf(process.platform === 'linux')('finds none without a screen', async () => {
  await mkdir(path.join(electron, 'dist'));
  await writeFile(path.join(electron, 'path.txt'), 'electron');
  await writeFile(path.join(electron, 'dist', 'electron'), '');
  vi.stubEnv('DISPLAY', '');
  vi.stubEnv('WAYLAND_DISPLAY', '');
  expect(electronProgram(electron)).toBeUndefined();
});
