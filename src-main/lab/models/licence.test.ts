import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readLicence } from './licence.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'licence-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('the licence of a model', () => {
  it.each([
    ['---\nlanguage: en\nlicense: apache-2.0\ntags: [a]\n---\n# Model', 'apache-2.0'],
    ['---\r\nlicense: "mit"\r\n---\r\n', 'mit'],
    ['---\nlicense: other\nlicense_name: deep-sea\nlicense_link: LICENSE\n---\n', 'deep-sea'],
    ['---\nlicense:\n- cc-by-4.0\n---\n', 'cc-by-4.0'],
    ['---\nlicense:\ntags: [a]\n---\n', null],
    ['# license: none, as this is not the head', null],
  ])('is read in the head of its README: %j', async (readme, licence) => {
    await writeFile(path.join(folder, 'README.md'), readme);
    expect(await readLicence(folder)).toBe(licence);
  });

  it('is else the first line of its LICENSE file, else not stated', async () => {
    expect(await readLicence(folder)).toBe(null);
    await writeFile(path.join(folder, 'LICENSE'), '\n   Apache License\n  Version 2.0');
    expect(await readLicence(folder)).toBe('Apache License');
  });
});
