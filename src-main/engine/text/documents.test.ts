import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDocuments } from './documents.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'documents-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(name: string, content: string | Uint8Array) {
  const file = path.join(folder, name);
  await writeFile(file, content);
  return readDocuments(file);
}

describe('reading a data set', () => {
  it('takes a text file as one document', async () => {
    expect(await read('a.txt', 'One.\n\nTwo.\n')).toEqual({
      format: 'txt',
      documents: [{ text: 'One.\n\nTwo.\n', line: 1 }],
      notes: [],
    });
  });

  it('takes a JSON line as one document and tells its line', async () => {
    const { documents } = await read(
      'a.jsonl',
      '{"text":"One."}\n\n{"prompt":"Two","completion":" and three."}\n',
    );
    expect(documents).toEqual([
      { text: 'One.', line: 1 },
      { text: 'Two and three.', prompt: 'Two', line: 3 },
    ]);
  });

  it('leaves out a byte-order mark and turns line ends, and says so', async () => {
    const { documents, notes } = await read('a.txt', '\ufeffOne.\r\nTwo.\rThree.');
    expect(documents[0]!.text).toBe('One.\nTwo.\nThree.');
    expect(notes).toEqual([
      'The byte-order mark at the beginning was left out.',
      'Windows line ends were turned into plain ones.',
    ]);
  });

  it.each<[string, string, string | Uint8Array, string]>([
    ['an empty file', 'a.txt', '', 'holds no text'],
    ['white space alone', 'a.txt', ' \n\t\n', 'holds no text'],
    [
      'text that is not UTF-8, with line and byte',
      'a.txt',
      Uint8Array.of(0x61, 0x0a, 0x62, 0xff, 0x63),
      'line 2 holds something else (byte 3)',
    ],
    ['a character that is cut off at the end', 'a.txt', Uint8Array.of(0x61, 0xc3), 'is not UTF-8 text'],
    ['a file with zero bytes', 'a.txt', 'a\0b', 'not a text file'],
    ['a line that is not JSON', 'a.jsonl', '{"text":"a"}\n{"text"\n', 'Line 2 of'],
    ['a line without text', 'a.jsonl', '{"words":"a"}', 'Line 1 of'],
    ['a line of chat messages', 'a.jsonl', '{"messages":[{"role":"user","content":"a"}]}', 'chat messages'],
    ['a JSON file', 'a.json', '[{"text":"a"}]', '.json files cannot be read yet'],
    ['a binary file of unknown kind', 'a.bin', Uint8Array.of(0x7f, 0x45, 0, 0), 'not a text file'],
    ['a table', 'a.csv', 'a,b', '.csv files cannot be read yet'],
  ])('refuses %s', async (_, name, content, message) => {
    await expect(read(name, content)).rejects.toMatchObject({
      code: 'bad-data-set',
      message: expect.stringContaining(message),
    });
  });

  it('takes any other file that is text as one document', async () => {
    expect(await read('a.md', '# One')).toMatchObject({ format: 'txt', documents: [{ text: '# One' }] });
  });

  it('tells the line of JSON Lines that end as on Windows', async () => {
    const { documents } = await read('a.jsonl', '{"text":"One.\\r\\nTwo."}\r\n{"text":"Three."}\r\n');
    expect(documents).toEqual([
      { text: 'One.\r\nTwo.', line: 1 },
      { text: 'Three.', line: 2 },
    ]);
  });

  it('refuses a file that is larger than the limit, without reading it', async () => {
    const file = path.join(folder, 'large.txt');
    await writeFile(file, '');
    await truncate(file, 256 * 1024 * 1024 + 1);
    await expect(readDocuments(file)).rejects.toThrow('is larger than 256 MB');
  });

  it('refuses a file that is not there, and a folder', async () => {
    await expect(readDocuments(path.join(folder, 'nowhere.txt'))).rejects.toMatchObject({
      code: 'file-not-found',
    });
    await expect(readDocuments(folder)).rejects.toThrow('is a folder');
  });
});
