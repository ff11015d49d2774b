/** The command line's promises: names, keys of the JSON, exit codes. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { FIXTURES, lab } from './run-lab.ts';
import { sampleText } from './sample-text.ts';

const LLAMA = path.join(FIXTURES, 'llama');
const expected = JSON.parse(await readFile(path.join(LLAMA, 'expected.json'), 'utf8'));
const SHORT = ['--windows', '8', '--window-length', '16', '--batch', '2', '--epochs', '2', '--samples', '2'];

let folder: string;
let text: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lab-cli-'));
  text = path.join(folder, 'text.txt');
  await writeFile(text, sampleText());
});
afterAll(() => rm(folder, { recursive: true }));

async function json(...words: readonly string[]) {
  const { code, stdout, stderr } = await lab(...words, '--json');
  expect(code, stderr + stdout).toBe(0);
  return JSON.parse(stdout);
}

const epochSchema = z.object({
  epoch: z.number(),
  trainLoss: z.number(),
  validationLoss: z.number(),
  tokenAccuracy: z.number(),
  entropy: z.number(),
  ttr: z.number(),
  rep2: z.number(),
});
const hyperfitSchema = z.object({
  out: z.string(),
  trainableParameters: z.number(),
  seconds: z.number(),
  peakMemoryBytes: z.number(),
  diskBytes: z.number().positive(),
  predicted: z.object({
    memoryBytes: z.number().positive(),
    diskBytes: z.number().positive(),
    seconds: z.number().positive(),
    how: z.literal('rough'),
  }),
  tokensPerSecond: z.number(),
  measuringSeconds: z.number().positive(),
  epochs: z.array(epochSchema),
});

describe('lab', () => {
  it('inspects a model', async () => {
    expect(await json('inspect', LLAMA)).toMatchObject({
      architecture: 'llama',
      blocks: 3,
      parameters: expect.any(Number),
      unsupported: [],
    });
  });

  it('looks at the computer, and says what it will use of it', async () => {
    const home = path.join(folder, 'no-lab-yet');
    const found = await json('doctor', '--quick', '--data-folder', home);
    expect(found).toMatchObject({
      versions: { node: process.versions.node },
      machine: { threads: expect.any(Number) },
      disk: { dataFolder: home, speed: null },
      use: { runtime: 'cpu', why: 'unmeasured' },
      findings: expect.any(Array),
    });
    expect(found.runtimes.map(({ runtime }: { runtime: string }) => runtime)).toEqual([
      ...['cpu', 'webgpu', 'tensorflow'],
    ]);
    const { stdout, code } = await lab('doctor', '--quick', '--data-folder', home);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ *Runtime +onnxruntime on the processor: it works everywhere/m);
    expect(stdout).toMatch(/^ *Threads +\d+ of \d+: all/m);
    expect((await json('doctor', '--quick', '--runtime', 'webgpu')).use).toMatchObject({
      ...{ runtime: 'webgpu', why: 'asked' },
    });
    expect(await lab('doctor', '--runtime', 'abacus')).toMatchObject({ code: 2 });
  });

  it('scores texts: ids of transformers, one log-probability fewer', async () => {
    const given = expected.strings.filter(({ ids }: { ids: number[] }) => ids.length < 60).slice(0, 5);
    const words = given.flatMap(({ text: content }: { text: string }) => ['--text', content]);
    const { results } = await json('score', LLAMA, ...words);
    for (const [index, result] of results.entries()) {
      expect(result.tokens).toEqual(given[index].ids);
      expect(result.logProbabilities).toHaveLength(Math.max(0, result.tokens.length - 1));
      expect(result.logProbabilities.every((number: number) => number < 0)).toBe(true);
    }
  });

  it('generates the same text for the same seed', async () => {
    const words = [
      'generate',
      LLAMA,
      '--prompt',
      'the quick',
      '--max-new-tokens',
      '8',
      '--decoding',
      'top-p=0.9',
      '--seed',
      '5',
    ];
    const { results } = await json(...words);
    expect(Object.keys(results[0]).sort()).toEqual(['prompt', 'promptTokens', 'text', 'tokens']);
    expect(await json(...words)).toEqual({ results });
  });

  it('hyperfits with an adapter, which scores and generates', async () => {
    const out = path.join(folder, 'late');
    const summary = await json(
      'hyperfit',
      LLAMA,
      '--data',
      text,
      '--scope',
      'last:2',
      ...SHORT,
      '--samples-every',
      '1',
      '--out',
      out,
    );
    expect(hyperfitSchema.parse(summary).epochs.map(({ epoch }) => epoch)).toEqual([0, 1, 2]);
    expect(summary.adapter).toBe(path.join(out, 'adapter'));
    const [base, tuned] = [
      await json('score', LLAMA, '--text', 'the quick'),
      await json('score', LLAMA, '--adapter', summary.adapter, '--text', 'the quick'),
    ];
    expect(tuned.results[0].logProbabilities).not.toEqual(base.results[0].logProbabilities);
    await json('generate', LLAMA, '--adapter', summary.adapter, '--prompt', 'the', '--max-new-tokens', '4');
  });

  it('hyperfits the whole model into a model folder; a second run there is refused', async () => {
    const out = path.join(folder, 'whole');
    const words = ['hyperfit', LLAMA, '--data', text, '--scope', 'full', ...SHORT, '--out', out];
    const summary = await json(...words);
    expect(await json('inspect', summary.model)).toMatchObject({ blocks: 3 });
    const { code, stdout } = await lab(...words, '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout).error).toMatchObject({
      code: 'output-exists',
      message: expect.stringContaining('already holds a run'),
    });
  });

  it('refuses what no computer could hold before it makes anything', async () => {
    const out = path.join(folder, 'too-large');
    const words = ['hyperfit', LLAMA, '--data', text, '--scope', 'all', ...SHORT, '--out', out];
    const { code, stdout } = await lab(...words, '--rank', '1000000000000', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout).error).toMatchObject({
      code: 'out-of-memory',
      message: expect.stringMatching(/needs about .* of memory, and .* are free.*--anyway/),
    });
    await expect(readFile(path.join(out, 'run.json'))).rejects.toThrow('ENOENT');
  });

  it('computes a batch as it is where that fits, if it is asked to fit it', async () => {
    const out = path.join(folder, 'fitted');
    const words = ['hyperfit', LLAMA, '--data', text, '--scope', 'all', ...SHORT, '--batch', 'auto'];
    await json(...words, '--out', out);
    const { recipe } = JSON.parse(await readFile(path.join(out, 'run.json'), 'utf8'));
    expect(recipe).toMatchObject({ batch: 8, microBatch: null });
  });

  it('reads a table by the columns that are named, and goes on with them', async () => {
    const [table, out] = [path.join(folder, 'table.csv'), path.join(folder, 'by-columns')];
    await writeFile(table, `question,answer\n"What? ","${sampleText()}"\n`);
    const words = ['hyperfit', LLAMA, '--data', table, '--scope', 'last:1', ...SHORT, '--out', out];
    const refused = await lab(...words, '--json');
    expect(JSON.parse(refused.stdout).error.message).toContain('several columns ("question", "answer")');
    const columns = ['--text-column', 'answer', '--prompt-column', 'question'];
    const summary = await json(...words, ...columns);
    const run = JSON.parse(await readFile(path.join(out, 'run.json'), 'utf8'));
    expect(run.columns).toEqual({ prompt: 'question', text: 'answer' });
    expect((await json('hyperfit', '--resume', '--out', out)).epochs).toEqual(summary.epochs);
    const half = await lab(...words, '--prompt-column', 'question');
    expect(half.stderr).toContain('needs the column that comes after it');
  });

  it('compares arms and writes a report that stands alone', async () => {
    const [prompts, report] = [path.join(folder, 'prompts.txt'), path.join(folder, 'report.html')];
    await writeFile(prompts, 'the quick\nseven <wise> owls\n');
    const arms = ['--arm', LLAMA, '--arm', `${LLAMA}:${path.join(LLAMA, 'adapter')}@top-k=5`];
    const result = await json(
      'compare',
      ...arms,
      '--prompts',
      prompts,
      '--max-new-tokens',
      '12',
      '--report',
      report,
    );
    expect(result.prompts).toEqual(['the quick', 'seven <wise> owls']);
    expect(
      result.arms.map(({ decoding, adapter }: { decoding: string; adapter: string | null }) => [
        decoding,
        adapter !== null,
      ]),
    ).toEqual([
      ['greedy', false],
      ['temperature=1,top-k=5', true],
    ]);
    for (const { metrics, texts } of result.arms) {
      expect(texts).toHaveLength(2);
      for (const key of ['ttr', 'rep2', 'rep3', 'distinct2'])
        expect(metrics[key]).toEqual(expect.any(Number));
    }
    const html = await readFile(report, 'utf8');
    expect(html).toContain('seven &#60;wise&#62; owls');
    expect(html).not.toMatch(/<script|src="http|href="http/);
  });

  it('lists its commands, and says how to use one', async () => {
    const [help, one] = [await lab('help'), await lab('score', '--help')];
    for (const name of ['inspect', 'score', 'generate', 'hyperfit', 'compare'])
      expect(help.stdout).toContain(name);
    expect([help.code, one.code]).toEqual([0, 0]);
    expect(one.stdout).toContain('lab score MODEL');
  });
});
