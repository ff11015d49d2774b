import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FIXTURES } from '../../../tests/cli/run-lab.ts';
import { listFolder } from './folders.ts';

let root: string;
let outside: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'root-'));
  outside = await mkdtemp(path.join(os.tmpdir(), 'outside-'));
});
afterEach(async () => {
  await rm(root, { recursive: true });
  await rm(outside, { recursive: true });
});

describe('looking for models and texts', () => {
  it('shows folders first, which of them are models, and files that can be read as text', async () => {
    await cp(path.join(FIXTURES, 'llama'), path.join(root, 'tiny'), { recursive: true });
    await mkdir(path.join(root, 'books'));
    await mkdir(path.join(root, '.hidden'));
    for (const name of ['b.csv', 'a.parquet', 'c.TXT', 'picture.png', '<b>.jsonl'])
      await writeFile(path.join(root, name), '');
    const { parent, entries } = await listFolder([root], null);
    expect(parent).toBe(null);
    expect(entries.map(({ name, isModel }) => (isModel ? `${name}: model` : name))).toEqual([
      'books',
      'tiny: model',
      '<b>.jsonl',
      'a.parquet',
      'b.csv',
      'c.TXT',
    ]);
  });

  it('shows links that stay below the roots, and neither shows nor follows those that lead out', async () => {
    await mkdir(path.join(root, 'books'));
    await writeFile(path.join(outside, 'secret.txt'), '');
    await symlink(path.join(root, 'books'), path.join(root, 'inside'));
    await symlink(outside, path.join(root, 'way-out'));
    await symlink(path.join(outside, 'secret.txt'), path.join(root, 'secret.txt'));
    const { entries } = await listFolder([root], root);
    expect(entries.map(({ name }) => name)).toEqual(['books', 'inside']);
    await mkdir(path.join(root, '..inside'));
    expect((await listFolder([root], path.join(root, '..inside'))).parent).toBe(root);
    for (const folder of [outside, path.join(root, 'way-out'), path.join(root, '..'), `${root}-neighbour`])
      await expect(listFolder([root], folder)).rejects.toMatchObject({ code: 'bad-argument' });
  });

  it('goes on with the other roots where one is gone, and names what is asked for where none is left', async () => {
    const gone = path.join(root, 'gone');
    expect((await listFolder([gone, root], null)).folder).toBe(root);
    await expect(listFolder([gone], null)).rejects.toMatchObject({
      code: 'bad-argument',
      message: expect.stringContaining(gone),
    });
  });
});
