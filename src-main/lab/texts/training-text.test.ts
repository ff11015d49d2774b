import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadTokenizer, type Tokenizer } from '../../engine/text/tokenizer.ts';
import { findRecipe, type Recipe } from '../../engine/training/recipe.ts';
import { openTraining } from './training-text.ts';

const LINES = Array.from(
  { length: 40 },
  (_, line) => `The boat number ${line} sailed past ${line * 7} rocks.`,
);
const RECIPE: Recipe = {
  ...findRecipe('try-it-now').settings,
  windowLength: 64,
  windows: 6,
  windowOrder: 'random',
  heldOut: 1,
};

describe('a training text', () => {
  let folder: string;
  let tokenizer: Tokenizer;
  const file = (name: string) => path.join(folder, name);

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'training-text-'));
    tokenizer = await loadTokenizer('resources/starter-model');
    await writeFile(file('boats.txt'), LINES.join('\n'));
    await writeFile(file('boats.jsonl'), LINES.map((text) => JSON.stringify({ text })).join('\n'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is the whole file where no recipe says what was taken of it', async () => {
    const training = await openTraining({ data: file('boats.txt'), recipe: null }, tokenizer);
    expect(training.windows.map(({ tokens }) => tokenizer.decode(tokens))).toEqual([LINES.join('\n')]);
    expect(training.overlap.longest(tokenizer.encode(LINES.join('\n'))).start).toBe(0);
  });

  it('is the windows that a recipe takes, so what was held out is not copied', async () => {
    const whole = await openTraining({ data: file('boats.txt'), recipe: null }, tokenizer);
    const training = await openTraining({ data: file('boats.txt'), recipe: RECIPE }, tokenizer);
    expect(training.windows).toHaveLength(6);
    expect(training.windows.every(({ tokens }) => tokens.length === 64)).toBe(true);
    const all = whole.windows[0]!.tokens;
    expect(training.overlap.longest(all).length).toBeLessThan(all.length);
  });

  it.each([null, RECIPE])('tells the line on which a run stands in a text file', async (recipe) => {
    const training = await openTraining({ data: file('boats.txt'), recipe }, tokenizer);
    for (const { tokens, beginning } of training.windows) {
      const run = tokens.slice(beginning + 30, beginning + 50);
      const found = (await training.source(training.overlap.longest(run)))!;
      const before = LINES.join('\n').split(found.copied)[0]!;
      expect(found).toMatchObject({
        copied: tokenizer.decode(run),
        file: file('boats.txt'),
        line: before.split('\n').length,
      });
      expect(LINES.join('\n')).toContain(`${found.before}${found.copied}${found.after}`);
    }
  });

  it('tells the record where a file has those', async () => {
    const training = await openTraining({ data: file('boats.jsonl'), recipe: null }, tokenizer);
    const run = training.overlap.longest(tokenizer.encode(LINES[12]!));
    expect(await training.source(run)).toEqual({
      before: '',
      copied: LINES[12],
      after: '',
      file: file('boats.jsonl'),
      line: 13,
    });
  });

  it('has no place for what was not copied', async () => {
    const training = await openTraining({ data: file('boats.txt'), recipe: null }, tokenizer);
    expect(await training.source(training.overlap.longest([]))).toBeNull();
  });
});
