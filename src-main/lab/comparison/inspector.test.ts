/** A look into texts that were written, by the models that wrote them. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Prediction, TextTail, TokenText } from '../../../src-preload/contract/endpoints/comparison.ts';
import { putTail } from '../../../src-preload/contract/endpoints/comparison.ts';
import { FIXTURES } from '../../../tests/cli/run-lab.ts';
import { GREEDY } from '../../engine/generation/decoding.ts';
import { after, before, ComparingLab, forever, request } from './comparing-lab.fake.ts';

let lab: ComparingLab;
beforeEach(async () => {
  lab = await ComparingLab.open();
});
afterEach(() => lab.close());

async function inspect(comparison: number, arm: number, prompt: number, tokens: number) {
  const place = { comparison, arm, prompt, tokens };
  const predictions: Prediction[] = [];
  for await (const one of lab.comparisons.answers['comparisons.inspect'](place, forever))
    predictions.push(one);
  return predictions;
}

async function branch(
  comparison: number,
  tokens: number,
  token: number,
  maxNewTokens: number,
  signal = forever,
) {
  const place = { comparison, arm: 0, prompt: 0, tokens, token, maxNewTokens };
  const tails: TextTail[] = [];
  let text: TokenText = { tokens: [], pieces: [], depths: [] };
  for await (const tail of lab.comparisons.answers['comparisons.branch'](place, signal)) {
    tails.push(tail);
    text = putTail(text, tail);
  }
  return { tails, text };
}

describe('a look at a token', () => {
  it('tells what each arm would write there: the one that wrote it, its likeliest', async () => {
    const id = await lab.start(request());
    const { texts } = await lab.follow(id);
    const text = texts[0]![1]!;
    const predictions = await inspect(id, 0, 1, 5);
    expect(predictions.map(({ arm }) => arm)).toEqual([0, 1]);
    for (const { top, chosen, entropy } of predictions) {
      expect(top).toHaveLength(10);
      expect(top.map(({ probability }) => probability)).toEqual(
        top.map(({ probability }) => probability).sort((one, other) => other - one),
      );
      expect(top.reduce((sum, { probability }) => sum + probability, 0)).toBeLessThanOrEqual(1 + 1e-9);
      expect(entropy).toBeGreaterThan(0);
      expect(chosen).toMatchObject({ token: text.tokens[5] });
    }
    expect(predictions[0]!.top[0]!.token).toBe(text.tokens[5]);
    expect(predictions[0]!.chosen!.rank).toBe(1);
    const [last] = await inspect(id, 0, 1, text.tokens.length);
    expect(last!.chosen).toBeNull();
  });

  it('by a model with other tokens is taken on the same text', async () => {
    const other = { ...before, name: 'Other', modelFolder: path.join(FIXTURES, 'gpt2') };
    const id = await lab.start(request({ arms: [before, other], prompts: ['the quick brown'] }));
    await lab.follow(id);
    const [own, others] = await inspect(id, 0, 0, 2);
    expect(own!.chosen).toMatchObject({ rank: 1 });
    expect(others!.arm).toBe(1);
    expect(others!.top).toHaveLength(10);
  });

  it('is refused where there is no such place, and where the texts came from a file', async () => {
    const id = await lab.start(request());
    await lab.follow(id);
    await expect(inspect(id, 0, 0, 99)).rejects.toThrow('does not go as far');
    await expect(inspect(id, 2, 0, 0)).rejects.toThrow('no such text');
    const json = await lab.comparisons.answers['comparisons.export'](
      { comparison: id, format: 'json' },
      forever,
    );
    const copy = await lab.comparisons.answers['comparisons.import'](json!, forever);
    await expect(inspect(copy!.comparison, 0, 0, 1)).rejects.toThrow('read from a file');
  });
});

describe('another token', () => {
  it('that is the same leads to the same text; one that is not, to another', async () => {
    const id = await lab.start(request({ maxNewTokens: 30 }));
    const { texts } = await lab.follow(id);
    const text = texts[0]![0]!;
    const same = await branch(id, 4, text.tokens[4]!, 26);
    expect(same.text.tokens).toEqual(text.tokens.slice(4));
    expect(same.text.pieces).toEqual(text.pieces.slice(4));
    expect(same.tails.every(({ prompt }) => prompt === 0)).toBe(true);
    const token = text.tokens[4] === 9 ? 10 : 9;
    const other = await branch(id, 4, token, 8);
    expect(other.text.tokens).toHaveLength(8);
    expect(other.text.tokens[0]).toBe(token);
    expect((await branch(id, 4, token, 1)).text.tokens).toEqual([token]);
    await expect(branch(id, 4, 10_000, 4)).rejects.toThrow('no token 10000');
    expect(lab.engines).toHaveLength(1);
  });

  it('ends what it has begun when nobody listens any more', async () => {
    const id = await lab.start(request());
    await lab.follow(id);
    const controller = new AbortController();
    const listening = branch(id, 0, 9, 4_000, controller.signal);
    controller.abort();
    await listening;
    await expect.poll(() => lab.supervisor.status()).toEqual([]);
  });
});

describe('what a text has copied', () => {
  it('is shown with the training text around it', async () => {
    await lab.writeText();
    const id = await lab.start(request({ prompts: ['the quick brown', 'the'] }));
    const { texts, last } = await lab.follow(id);
    const overlap = last.overlaps[0]![0]!;
    expect(overlap.length).toBeGreaterThan(0);
    const source = (await lab.comparisons.answers['comparisons.source'](
      { comparison: id, arm: 0, prompt: 0 },
      forever,
    ))!;
    const copied = texts[0]![0]!.pieces.slice(overlap.start, overlap.start + overlap.length).join('');
    expect(source).toMatchObject({ file: lab.text, line: 1 });
    expect(source.copied.trim()).toBe(copied.trim());
    const plain = await lab.start(request({ arms: [before] }));
    await lab.follow(plain);
    await expect(
      lab.comparisons.answers['comparisons.source']({ comparison: plain, arm: 0, prompt: 0 }, forever),
    ).rejects.toThrow('No run among the arms');
  });
});

describe('beginnings', () => {
  it('that a run has held out come with how they go on', async () => {
    await lab.writeText();
    const read = (count: number, tokens: number) =>
      lab.comparisons.answers['prompts.heldOut']({ run: after.run!, count, tokens }, forever);
    const { prompts, references } = (await read(8, 6))!;
    expect(prompts).toHaveLength(3);
    expect(references).toHaveLength(3);
    for (const text of [...prompts, ...references]) expect(text.length).toBeGreaterThan(0);
    expect(references.every((text) => text.length > prompts[0]!.length / 4)).toBe(true);
    expect((await read(1, 6))!.prompts).toEqual(prompts.slice(0, 1));
    await expect(read(1, 16)).rejects.toThrow('must be shorter');
    const asked = request({ prompts, references, arms: [{ ...before, decoding: GREEDY }] });
    expect((await lab.follow(await lab.start(asked))).last.state).toBe('finished');
    await expect(lab.start({ ...asked, references: references.slice(1) })).rejects.toThrow('as many');
  });

  it('are read from a file, if they are not too many', async () => {
    const file = path.join(lab.folder, 'prompts.txt');
    const read = () => lab.comparisons.answers['prompts.read']({ file }, forever);
    await expect(read()).rejects.toThrow('prompts.txt');
    await writeFile(file, 'one\n\n  two <b>\n');
    expect(await read()).toEqual({ prompts: ['one', '  two <b>'] });
    await writeFile(file, 'a line\n'.repeat(201));
    await expect(read()).rejects.toThrow('201 beginnings');
  });
});
