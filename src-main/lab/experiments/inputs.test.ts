import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenModel, openModel } from '../models/open-model.ts';
import { readTexts } from './inputs.ts';

const LINES = Array.from({ length: 60 }, (_, line) => `The boat number ${line} sailed past the rocks.`);

describe('texts of an experiment', () => {
  let folder: string;
  let model: OpenModel;
  const file = (name: string) => path.join(folder, name);

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'inputs-'));
    model = await openModel('resources/starter-model', 'cpu');
    await writeFile(file('boats.txt'), LINES.join('\n'));
    await writeFile(file('boats.jsonl'), LINES.map((text) => JSON.stringify({ text })).join('\n'));
  });
  afterAll(async () => {
    await model.close();
    await rm(folder, { recursive: true });
  });

  it('are parts of plain text that the model can read, which together are all of it', async () => {
    const texts = await readTexts(
      { kind: 'file', file: file('boats.txt'), byLine: false, firstTokens: null },
      model,
    );
    expect(texts.length).toBeGreaterThan(1);
    for (const tokens of texts) expect(tokens.length).toBeLessThanOrEqual(512);
    expect(texts.map((tokens) => model.tokenizer.decode(tokens)).join('')).toBe(LINES.join('\n'));
    const { beginning } = model.tokenizer;
    for (const tokens of texts) expect(tokens.slice(0, beginning.length)).toEqual(beginning);
  });

  it('are the first tokens of each part, where beginnings are asked for', async () => {
    const beginnings = await readTexts(
      { kind: 'file', file: file('boats.txt'), byLine: false, firstTokens: 8 },
      model,
    );
    expect(beginnings.length).toBeGreaterThan(1);
    expect(beginnings.every((tokens) => tokens.length === 8)).toBe(true);
  });

  it('are the lines, or the records of a file that has those', async () => {
    for (const name of ['boats.txt', 'boats.jsonl']) {
      const texts = await readTexts(
        { kind: 'file', file: file(name), byLine: true, firstTokens: null },
        model,
      );
      expect(texts.map((tokens) => model.tokenizer.decode(tokens))).toEqual(LINES);
    }
  });

  it('are refused where there are none', async () => {
    await writeFile(file('blank.jsonl'), '{"text": ""}');
    await expect(
      readTexts({ kind: 'file', file: file('blank.jsonl'), byLine: false, firstTokens: null }, model),
    ).rejects.toMatchObject({ name: 'LabError' });
  });
});
