import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commitFolder, diskErrors, replaceFile, writeFileDurably } from './durable-files.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'durable-files-'));
});
afterAll(() => rm(folder, { recursive: true }));

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

describe('durable files', () => {
  it('replaces a file as a whole and leaves nothing else behind', async () => {
    const place = path.join(folder, 'replaced');
    await mkdir(place);
    const file = path.join(place, 'state.json');
    await writeFileDurably(file, 'a longer text that was there before');
    await writeFileDurably(file, 'new');
    expect(await readFile(file, 'utf8')).toBe('new');
    expect(await readdir(place)).toEqual(['state.json']);
  });

  it('keeps the old file where writing the new one fails half-way', async () => {
    const place = path.join(folder, 'kept');
    await mkdir(place);
    const file = path.join(place, 'state.json');
    await writeFileDurably(file, 'old');
    const writing = replaceFile(file, async (handle) => {
      await handle.appendFile('half of the ne');
      throw new Error('power cut');
    });
    await expect(writing).rejects.toThrow('power cut');
    expect(await readFile(file, 'utf8')).toBe('old');
    expect(await readdir(place)).toEqual(['state.json']);
  });

  // On Linux /dev/full is a disk that is always full.
  it.skipIf(process.platform !== 'linux')(
    'tells that the disk is full and removes the half file',
    async () => {
      const place = path.join(folder, 'full');
      await mkdir(place);
      await symlink('/dev/full', path.join(place, 'state.json.tmp'));
      await expect(writeFileDurably(path.join(place, 'state.json'), 'text')).rejects.toMatchObject({
        code: 'disk-full',
        message: `The disk is full: ${place} has no room left. Free some space and go on.`,
      });
      expect(await readdir(place)).toEqual([]);
    },
  );

  it('moves a finished folder into place, folders within it included', async () => {
    const temporary = path.join(folder, 'step-1.tmp');
    await mkdir(path.join(temporary, 'inner'), { recursive: true });
    await writeFile(path.join(temporary, 'inner', 'a'), 'a');
    await commitFolder(temporary, path.join(folder, 'step-1'));
    expect(await readFile(path.join(folder, 'step-1', 'inner', 'a'), 'utf8')).toBe('a');
    expect(await readdir(folder)).not.toContain('step-1.tmp');
  });

  it.each([
    ['ENOSPC', 'disk-full'],
    ['EDQUOT', 'disk-full'],
    ['EACCES', 'bad-argument'],
    ['EROFS', 'bad-argument'],
  ])('turns %s into a sentence', async (system, code) => {
    await expect(diskErrors('/x/y', () => Promise.reject(systemError(system)))).rejects.toMatchObject({
      code,
      data: { file: '/x/y' },
    });
  });

  it('passes other errors on as they are', async () => {
    const error = systemError('EIO');
    await expect(diskErrors('/x/y', () => Promise.reject(error))).rejects.toBe(error);
  });
});
