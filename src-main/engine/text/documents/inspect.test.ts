import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FIXTURES } from '../../../../tests/data-sets/fixtures.ts';
import type { TextColumns } from './columns.ts';
import { readDocuments } from './documents.ts';
import { inspectDataSet } from './inspect.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'inspect-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function inspect(name: string, content: string | Uint8Array, columns?: TextColumns) {
  const file = path.join(folder, name);
  await writeFile(file, content);
  return inspectDataSet(file, columns);
}
const LONG = 'A text that is long enough to be one.';

describe('looking into a data set', () => {
  it('tells every problem with its line and column, and goes on after it', async () => {
    const lines = [
      { text: LONG },
      { text: '' },
      { text: 7 },
      { words: LONG },
      { text: LONG },
      { text: 'short' },
      { text: `${LONG}\u001b[31m\u202e\u001b` },
    ].map((line) => JSON.stringify(line));
    const report = await inspect('a.jsonl', [...lines, '{"text":', '["text"]'].join('\n'));
    expect(report).toMatchObject({ format: 'jsonl', encoding: 'UTF-8', records: 9, texts: 4 });
    expect(report.problems.map(({ kind, line, column }) => [kind, line, column])).toEqual([
      ['empty', 2, 'text'],
      ['not-text', 3, 'text'],
      ['unrecognized', 4, null],
      ['duplicate', 5, 'text'],
      ['short', 6, 'text'],
      ['odd-characters', 7, 'text'],
      ['unreadable', 8, null],
      ['unreadable', 9, null],
    ]);
    expect(report.problems[5]!.detail).toBe('U+001B ×2, U+202E');
    expect(report.problemCounts).toMatchObject({ empty: 1, unreadable: 2 });
  });

  it('shows all columns where a person must choose, and what is chosen', async () => {
    const table = `id,a,b\n1,${LONG},x\n2,"${LONG}\n",y\n`;
    const before = await inspect('a.csv', table);
    expect(before).toMatchObject({
      columns: ['id', 'a', 'b'],
      textColumns: null,
      texts: 0,
      records: 2,
      problems: [],
    });
    expect(before.preview[1]).toEqual({
      line: 3,
      values: [
        { text: '2', characters: 1 },
        { text: `${LONG}\n`, characters: LONG.length + 1 },
        { text: 'y', characters: 1 },
      ],
    });
    const after = await inspect('a.csv', table, { prompt: 'b', text: 'a' });
    expect(after).toMatchObject({ textColumns: { prompt: 'b', text: 'a' }, texts: 2, problems: [] });
    expect(after.characters).toBe(2 * LONG.length + 3);
  });

  it('asks for other columns where the chosen ones are not there, such as after the file was made anew', async () => {
    expect(await inspect('a.csv', `a,text\n1,${LONG}`, { text: 'old' })).toMatchObject({
      textColumns: null,
      texts: 0,
      refusal: expect.stringContaining('no column "old" with text'),
    });
  });

  it.each<[string, string, TextColumns?]>([
    ['a.jsonl', `{"text":"${LONG}"}\n{"text":7}\n{"text":`],
    ['a.jsonl', '{"messages":[]}'],
    ['a.jsonl', '{"text":""}'],
    ['a.csv', 'a,b\n1,2'],
    ['a.csv', 'a,b\n1,2', { text: 'c' }],
    ['a.csv', 'text,id\na\nb'],
    ['a.txt', ' '],
    ['a.txt', LONG],
  ])('tells beforehand what reading %s would say: %j', async (name, content, columns) => {
    const { refusal } = await inspect(name, content, columns);
    const said = await readDocuments(path.join(folder, name), columns).then(
      () => null,
      (error: Error) => error.message,
    );
    expect(refusal).toBe(said);
  });

  it('lists a hundred problems and counts the others', async () => {
    const report = await inspect('a.jsonl', '{"text":"a"}\n'.repeat(300));
    expect(report.problems).toHaveLength(100);
    expect(report.problemCounts).toEqual({ short: 300, duplicate: 299 });
  });

  it('cuts a long line between characters and tells its length', async () => {
    const { preview } = await inspect('a.txt', `${'a'.repeat(599)}${'🌊'.repeat(1_000_000)}`);
    expect(preview[0]!.values).toEqual([{ text: 'a'.repeat(599), characters: 2_000_599 }]);
  });

  it('reads Parquet, of which the records have numbers', async () => {
    const report = await inspectDataSet(path.join(FIXTURES, 'zstd.parquet'), undefined);
    expect(report).toMatchObject({ encoding: null, columns: ['text', 'title'], records: 5, texts: 4 });
    expect(report.preview[2]).toEqual({ line: 3, values: [null, { text: 'Three', characters: 5 }] });
    expect(report.problems.map(({ kind, line }) => [kind, line])).toContainEqual(['duplicate', 4]);
  });

  it('stops when asked to', async () => {
    const file = path.join(folder, 'long.jsonl');
    await writeFile(file, '{"text":"a"}\n'.repeat(5_000));
    await expect(inspectDataSet(file, undefined, AbortSignal.abort())).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});
