import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findRecipe } from '../../engine/training/recipe.ts';
import { type OpenModel, openModel } from '../models/open-model.ts';
import { readWindows } from '../runs/hyperfit-run.ts';
import { readTexts, type TextSource } from './inputs.ts';

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

  it('are what a run has not been trained on, more than it measured with where the text gives more', async () => {
    const recipe = { ...findRecipe('quick').settings, windows: 8, windowLength: 16 };
    const data = file('boats.txt');
    const asked: TextSource = { kind: 'held-out', data, recipe, count: 20, firstTokens: null, otherwise: [] };
    const texts = await readTexts(asked, model);
    const { train, heldOut } = await readWindows({ data, recipe }, model);
    expect(heldOut.length).toBeLessThan(20);
    expect(texts).toHaveLength(20);
    expect(texts.slice(0, heldOut.length)).toEqual(heldOut.map(({ tokens }) => Array.from(tokens)));
    const trained = new Set(train.map(({ tokens }) => tokens.join()));
    expect(texts.filter((tokens) => trained.has(tokens.join()))).toEqual([]);
  });

  it('are refused where there are none', async () => {
    await writeFile(file('blank.jsonl'), '{"text": ""}');
    await expect(
      readTexts({ kind: 'file', file: file('blank.jsonl'), byLine: false, firstTokens: null }, model),
    ).rejects.toMatchObject({ name: 'LabError' });
  });
});
