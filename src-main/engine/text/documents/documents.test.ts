import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FIXTURES } from '../../../../tests/data-sets/fixtures.ts';
import type { TextColumns } from './columns.ts';
import { readDocuments } from './documents.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'documents-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(name: string, content: string | Uint8Array, columns?: TextColumns) {
  const file = path.join(folder, name);
  await writeFile(file, content);
  return readDocuments(file, columns);
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
    ['a line that is no object', 'a.jsonl', '"a"', 'Line 1 of'],
    ['a value that is not text', 'a.jsonl', '{"text":7}', 'something else than text in "text"'],
    ['a JSON file', 'a.json', '[{"text":"a"}]', '.json files cannot be read'],
    ['a binary file of unknown kind', 'a.bin', Uint8Array.of(0x7f, 0x45, 0, 0), 'not a text file'],
    ['half a character of UTF-16', 'a.txt', Uint8Array.of(0xff, 0xfe, 0x0a, 0, 0, 0xd8, 0x61, 0), 'line 2'],
    ['a table whose text could be in two columns', 'a.csv', 'a,b\n1,2', 'several columns ("a", "b")'],
    ['a row with more fields than columns', 'a.csv', 'id,text\n1,One, two', 'Line 2 of'],
    ['a table with an open quote', 'a.csv', 'text\nOne\n"Two\nThree', 'line 3 of'],
    ['a table of its head alone', 'a.csv', 'text\n', 'holds no text'],
    ['a Parquet file that is none', 'a.parquet', 'text that is long enough for a footer', 'as Parquet'],
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

  it('reads UTF-16 where a byte-order mark says so, and says so', async () => {
    const little = Buffer.from('\ufeffÄ🌊\r\nb', 'utf16le');
    const big = Buffer.from(little).swap16();
    for (const [bytes, name] of [
      [little, 'little'],
      [big, 'big'],
    ] as const) {
      const { documents, notes } = await read('a.txt', bytes);
      expect(documents[0]!.text).toBe('Ä🌊\nb');
      expect(notes[0]).toContain(`UTF-16 (${name}-endian)`);
    }
  });

  it('reads quotes, separators and line ends within the fields of a table, and tells the line of each', async () => {
    const table = 'id,text\n1,"One, ""two""\nand three."\n\n2,Four.\n3,\n';
    const { documents, notes } = await read('a.csv', table);
    expect(documents).toEqual([
      { text: 'One, "two"\nand three.', line: 2 },
      { text: 'Four.', line: 5 },
    ]);
    expect(notes).toEqual([
      'The first row was taken as the names of the columns, which are separated by commas.',
      '1 record without text was left out.',
    ]);
  });

  it.each([
    ['a.csv', 'Titel;Text\n1;Eins, zwei', 'Eins, zwei'],
    ['a.tsv', 'Text\tTitle\nOne\t1', 'One'],
    ['a.csv', 'anything\nOne', 'One'],
  ])(
    'knows the separators of %s by its first row, and a text column by its name',
    async (name, table, text) => {
      expect((await read(name, table)).documents).toEqual([{ text, line: 2 }]);
    },
  );

  it('reads the columns that were chosen, and names them where they are not there', async () => {
    const table = 'question,answer,text\nWhy? ,So.,other';
    expect((await read('a.csv', table, { prompt: 'question', text: 'answer' })).documents).toEqual([
      { prompt: 'Why? ', text: 'Why? So.', line: 2 },
    ]);
    await expect(read('a.csv', table, { text: 'story' })).rejects.toThrow(
      'no column "story" with text. It has "question", "answer", "text"',
    );
    expect(
      (await read('a.jsonl', '{"body":"a","id":7}\n{"body":"b"}', { text: 'body' })).documents,
    ).toHaveLength(2);
    await expect(read('a.jsonl', '{"body":"a"}\n{"text":"b"}', { text: 'body' })).rejects.toThrow(
      'Line 2 of',
    );
  });

  it.each(['snappy', 'zstd', 'gzip', 'plain'])(
    'reads Parquet of several groups of rows (%s)',
    async (name) => {
      const { documents, notes } = await readDocuments(path.join(FIXTURES, `${name}.parquet`));
      expect(documents.map(({ line }) => line)).toEqual([1, 2, 4, 5]);
      expect(documents[1]!.text).toBe('A second text:\n"quoted", with ünïcödé 🌊.');
      expect(notes).toEqual([
        'Columns without text: id, bytes, list.',
        '1 record without text was left out.',
      ]);
    },
  );

  it('refuses a column of Parquet that holds no text', async () => {
    await expect(readDocuments(path.join(FIXTURES, 'plain.parquet'), { text: 'bytes' })).rejects.toThrow(
      'no column "bytes" with text',
    );
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
