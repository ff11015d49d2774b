import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { download } from './download.ts';
import { addressOf } from './package-index.ts';
import { FakeIndex, wheelOf } from './wheels.fake.ts';

const CONTENT = Buffer.from(Array.from({ length: 100_000 }, (_, place) => (place * 31) % 251));
const WHEEL = wheelOf(CONTENT);
let index: FakeIndex;
let folder: string;
beforeEach(async () => {
  index = await FakeIndex.start(CONTENT);
  folder = await mkdtemp(path.join(os.tmpdir(), 'download-'));
});
afterEach(async () => {
  await index.close();
  await rm(folder, { recursive: true });
});

function get(controller = new AbortController(), onProgress?: (bytes: number) => void): Promise<string> {
  const { signal } = controller;
  return download(WHEEL, () => addressOf(index.address, WHEEL, signal), { folder, signal, onProgress });
}

function partial(): string {
  return path.join(folder, `${WHEEL.file}.partial`);
}

async function expectWhole(file: string): Promise<void> {
  expect((await readFile(file)).equals(CONTENT)).toBe(true);
  expect(await readdir(folder)).toEqual([WHEEL.file]);
}

it('downloads a file, and asks for nothing when it is there', async () => {
  const told: number[] = [];
  await expectWhole(await get(undefined, (bytes) => told.push(bytes)));
  expect(told.at(-1)).toBe(CONTENT.length);
  await index.close();
  await expectWhole(await get());
  expect(index.asked).toEqual([0]);
});

it.each([1, 999, 65_536, 99_999])('goes on at byte %i, where it was left', async (bytes) => {
  await writeFile(partial(), CONTENT.subarray(0, bytes));
  await expectWhole(await get());
  expect(index.asked).toEqual([bytes]);
});

it('takes up a connection that breaks off again and again', async () => {
  index.cutAfter = 30_000;
  await expectWhole(await get());
  expect(new Set(index.asked)).toEqual(new Set([0, 30_000, 60_000, 90_000]));
});

it('gives up when nothing comes any more, and keeps what there is', async () => {
  await writeFile(partial(), CONTENT.subarray(0, 500));
  index.cutAfter = 0;
  await expect(get()).rejects.toMatchObject({ code: 'download-failed' });
  expect((await readFile(partial())).length).toBe(500);
});

it('keeps what has come when a person stops it, and goes on there', async () => {
  index.cutAfter = 40_000;
  const controller = new AbortController();
  const stopped = get(controller, (bytes) => {
    if (bytes >= 40_000) controller.abort();
  });
  await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
  expect((await readFile(partial())).length).toBe(40_000);
  await expectWhole(await get());
  expect(index.asked[1]).toBe(40_000);
});

it('begins anew where the server knows no parts', async () => {
  index.knowsRanges = false;
  await writeFile(partial(), 'something else that came before');
  await expectWhole(await get());
});

it('begins anew where what lies there is longer than the file', async () => {
  await writeFile(partial(), Buffer.alloc(CONTENT.length + 1));
  await expectWhole(await get());
  expect(index.asked).toEqual([0]);
});

it.each([
  ['another file of the same size', Buffer.alloc(CONTENT.length)],
  ['one that differs in a byte', Buffer.concat([CONTENT.subarray(0, -1), Buffer.of(0)])],
])('refuses %s and throws it away', async (_, content) => {
  index.content = content;
  const error = await get().catch((thrown) => thrown);
  expect(error).toMatchObject({ code: 'download-failed' });
  expect(error.message).toContain(WHEEL.sha256);
  expect(await readdir(folder)).toEqual([]);
});

it('refuses more than the file is large, while it comes', async () => {
  index.content = Buffer.concat([CONTENT, CONTENT]);
  await expect(get()).rejects.toThrow(/more than/);
});

it('does not ask for ever where the file is smaller than it should be', async () => {
  index.content = CONTENT.subarray(0, 1000);
  await expect(get()).rejects.toThrow(/smaller than the file/);
  expect(index.asked).toEqual([0, 1000]);
});

it('does not take a file that was damaged on the disk for whole', async () => {
  await writeFile(path.join(folder, WHEEL.file), Buffer.alloc(CONTENT.length));
  await expectWhole(await get());
});

describe('what goes wrong', () => {
  it.each([
    [404, /does not have it/],
    [401, /signing in/],
    [503, /later/],
  ])('says in words what an answer of %i means', async (status, words) => {
    index.status = status;
    const error = await get().catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'download-failed' });
    expect(error.message).toMatch(words);
    expect(await readdir(folder)).toEqual([]);
  });

  it('says that there is no network', async () => {
    const { signal } = new AbortController();
    const { address } = index;
    await index.close();
    const nowhere = async () => address;
    await expect(download(WHEEL, nowhere, { folder, signal })).rejects.toThrow(/cannot be reached.*network/);
    const unknown = async () => 'http://no-such-host.invalid/wheel';
    await expect(download(WHEEL, unknown, { folder, signal })).rejects.toMatchObject({
      code: 'download-failed',
    });
  });
});
