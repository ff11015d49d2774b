import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addressOf, hostOf, packageIndex } from './package-index.ts';
import { FakeIndex, wheelOf } from './wheels.fake.ts';

const CONTENT = Buffer.from('a wheel');
const WHEEL = wheelOf(CONTENT);
let index: FakeIndex;
let folder: string;
beforeEach(async () => {
  index = await FakeIndex.start(CONTENT);
  folder = await mkdtemp(path.join(os.tmpdir(), 'pip-'));
});
afterEach(async () => {
  await index.close();
  await rm(folder, { recursive: true });
});

const { signal } = new AbortController();

it.each([true, false])('finds a wheel in an index that answers in JSON: %s', async (answersInJson) => {
  index.answersInJson = answersInJson;
  const address = await addressOf(index.address, WHEEL, signal);
  expect(address).toBe(new URL(`../files/${WHEEL.file}`, index.address).href);
});

it('says that an index does not have it', async () => {
  await expect(addressOf(index.address, wheelOf(CONTENT, 'other.whl'), signal)).rejects.toThrow(
    /does not offer other.whl/,
  );
  await expect(addressOf('ftp://example.org', WHEEL, signal)).rejects.toThrow(/no address/);
});

it('signs in where the address has a name and a password, and shows neither', async () => {
  const address = index.address.replace('//', '//me:a%20secret@');
  expect(await addressOf(address, WHEEL, signal)).toContain('//me:a%20secret@127.0.0.1');
  expect(hostOf(address)).toMatch(/^127\.0\.0\.1:\d+$/);
});

it('is the one that pip takes here, and the public one where nothing is set', async () => {
  const PIP_CONFIG_FILE = path.join(folder, 'pip.conf');
  await writeFile(
    PIP_CONFIG_FILE,
    '[install]\nno-deps = yes\n[global]\ntimeout = 60\nindex-url = https://mirror.example/simple\n[other]\nindex-url = no\n',
  );
  expect(packageIndex({ PIP_CONFIG_FILE })).toBe('https://mirror.example/simple');
  const PIP_INDEX_URL = 'https://first.example/simple';
  expect(packageIndex({ PIP_CONFIG_FILE, PIP_INDEX_URL })).toBe(PIP_INDEX_URL);
  await writeFile(PIP_CONFIG_FILE, '[global]\ncert = /etc/ssl/ca.pem\n');
  expect(packageIndex({ PIP_CONFIG_FILE })).toMatch(/^https:/);
});
