import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { measureDisk } from './disk-speed.ts';

it('measures a disk and leaves nothing there', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'disk-'));
  const { writtenBytesPerSecond, readBytesPerSecond } = await measureDisk(folder, undefined, {
    bytes: 1 << 20,
  });
  expect(writtenBytesPerSecond).toBeGreaterThan(0);
  expect(readBytesPerSecond).toBeGreaterThan(0);
  expect(await readdir(folder)).toEqual([]);
  await expect(measureDisk(folder, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  expect(await readdir(folder)).toEqual([]);
  await rm(folder, { recursive: true });
});
