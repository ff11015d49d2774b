import { cp, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FIXTURES } from '../../../tests/cli/run-lab.ts';
import { Inspections } from './inspections.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'inspections-'));
  await cp(path.join(FIXTURES, 'llama'), folder, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

describe('what was found out about models', () => {
  it('is kept until a file changes, comes or goes', async () => {
    const inspections = new Inspections();
    const first = await inspections.inspect(folder);
    expect(await inspections.inspect(folder)).toBe(first);
    await utimes(path.join(folder, 'config.json'), 1, 1);
    const second = await inspections.inspect(folder);
    expect(second).not.toBe(first);
    await writeFile(path.join(folder, 'README.md'), '---\nlicense: mit\n---\n');
    expect(await inspections.inspect(folder)).toMatchObject({ ...second, licence: 'mit' });
  });

  it('includes what was refused, until that is put right', async () => {
    const inspections = new Inspections();
    await rm(path.join(folder, 'config.json'));
    await expect(inspections.inspect(folder)).rejects.toMatchObject({ code: 'file-not-found' });
    await cp(path.join(FIXTURES, 'llama', 'config.json'), path.join(folder, 'config.json'));
    expect(await inspections.inspect(folder)).toMatchObject({ architecture: 'llama' });
  });
});
