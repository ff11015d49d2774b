/** Whatever people hand to the lab: one clear sentence, an exit code that is not 0, and nothing left half written. */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FIXTURES, lab, startLab } from './run-lab.ts';
import { sampleText } from './sample-text.ts';

let folder: string;
let model: string;
let text: string;
let out: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lab-bad-'));
  [model, text, out] = [path.join(folder, 'model'), path.join(folder, 'text.txt'), path.join(folder, 'out')];
  await cp(path.join(FIXTURES, 'llama'), model, { recursive: true });
  await writeFile(text, sampleText());
});
afterEach(() => rm(folder, { recursive: true }));

const file = (name: string) => path.join(model, name);
async function edit(
  name: string,
  change: (json: Record<string, unknown>) => Record<string, unknown>,
): Promise<void> {
  await writeFile(file(name), JSON.stringify(change(JSON.parse(await readFile(file(name), 'utf8')))));
}
const hyperfit = (...words: string[]) => [
  'hyperfit',
  model,
  '--data',
  text,
  '--out',
  out,
  '--window-length',
  '16',
  '--epochs',
  '1',
  '--samples',
  '0',
  ...words,
];

type Case = readonly [what: string, prepare: () => Promise<unknown>, words: () => string[], sentence: string];
const CASES: readonly Case[] = [
  [
    'a truncated weight file',
    async () =>
      writeFile(file('model.safetensors'), (await readFile(file('model.safetensors'))).subarray(0, -100)),
    () => hyperfit(),
    'cut short: 100 bytes are missing',
  ],
  [
    'an unknown architecture',
    () => edit('config.json', (json) => ({ ...json, model_type: 'mamba' })),
    () => hyperfit(),
    'does not know the architecture "mamba"',
  ],
  [
    'quantized weights',
    () => edit('config.json', (json) => ({ ...json, quantization_config: { bits: 4 } })),
    () => hyperfit(),
    'quantized weights',
  ],
  [
    'a rope scaling that is not computed',
    () => edit('config.json', (json) => ({ ...json, rope_scaling: { rope_type: 'yarn', factor: 2 } })),
    () => hyperfit(),
    '"yarn" rope scaling',
  ],
  [
    'a configuration without a size',
    () => edit('config.json', ({ hidden_size: _, ...json }) => json),
    () => hyperfit(),
    'hidden_size',
  ],
  [
    'weights that do not fit the configuration',
    () => edit('config.json', (json) => ({ ...json, intermediate_size: 40 })),
    () => hyperfit(),
    'but config.json makes it [40, 32]',
  ],
  [
    'more blocks in the configuration than in the files',
    () => edit('config.json', (json) => ({ ...json, num_hidden_layers: 4 })),
    () => hyperfit(),
    'lack the tensor "model.layers.3.',
  ],
  [
    'a tokenizer whose ids exceed the vocabulary',
    () =>
      edit('tokenizer.json', (json) => ({
        ...json,
        added_tokens: [
          ...(json.added_tokens as object[]),
          {
            id: 5000,
            content: '<new>',
            special: true,
            lstrip: false,
            rstrip: false,
            normalized: false,
            single_word: false,
          },
        ],
      })),
    () => hyperfit(),
    'has the token "<new>" with id 5000',
  ],
  ['a missing tokenizer', () => rm(file('tokenizer.json')), () => hyperfit(), 'has no tokenizer.json'],
  ['an empty text', () => writeFile(text, ''), () => hyperfit(), 'holds no text'],
  [
    'a text too short for one window',
    () => writeFile(text, 'the fox'),
    () => hyperfit(),
    'The text is too short',
  ],
  [
    'text that is not UTF-8',
    () => writeFile(text, Buffer.from([0x61, 0xff, 0x62])),
    () => hyperfit(),
    'line 1 holds something else',
  ],
  [
    'more blocks to train than there are',
    async () => {},
    () => hyperfit('--scope', 'last:9'),
    'asks for 9 blocks, but this model has 3',
  ],
  [
    'a window longer than the context',
    async () => {},
    () => hyperfit('--window-length', '65'),
    "longer than this model's context of 64",
  ],
  [
    'an output folder that holds something',
    () => writeFile(text, sampleText()).then(() => cp(model, out, { recursive: true })),
    () => hyperfit(),
    'is not empty',
  ],
  [
    'a module that the model has not',
    async () => {},
    () => hyperfit('--scope', 'last:2', '--target-modules', 'c_attn'),
    'has no module "c_attn"',
  ],
  [
    'a recipe that does not exist',
    async () => {},
    () => hyperfit('--recipe', 'slow'),
    'There is no recipe "slow"',
  ],
  ['a number that is none', async () => {}, () => hyperfit('--lr', 'fast'), '--lr cannot be "fast"'],
  [
    'an option that does not exist',
    async () => {},
    () => hyperfit('--learning', '1'),
    "Unknown option '--learning'",
  ],
  [
    'a runtime that does not exist',
    async () => {},
    () => hyperfit('--runtime', 'abacus'),
    'There is no runtime "abacus"',
  ],
  [
    'an adapter of another model',
    async () => {},
    () => ['score', model, '--adapter', path.join(FIXTURES, 'gpt2/adapter'), '--text', 'a'],
    'made for another model',
  ],
  [
    'a folder that is no adapter',
    async () => {},
    () => ['score', model, '--adapter', folder, '--text', 'a'],
    'is not an adapter',
  ],
  [
    'an empty prompt for a model without a beginning',
    async () => {},
    () => ['generate', path.join(FIXTURES, 'gpt2'), '--prompt', ''],
    'Prompt 1 is empty',
  ],
  [
    'a prompt longer than the context',
    async () => {},
    () => ['generate', model, '--prompt', sampleText(200)],
    'but this model reads 64 at most',
  ],
  [
    'the citation blocker without a training text',
    async () => {},
    () => ['generate', model, '--prompt', 'a', '--decoding', 'greedy,citation-blocker'],
    'must know the training text',
  ],
  ['a command that does not exist', async () => {}, () => ['train'], 'There is no command "train"'],
  [
    'resuming where there is no run',
    async () => {},
    () => ['hyperfit', '--resume', '--out', folder],
    'There is no run in',
  ],
];

describe('the lab refuses', () => {
  it.each(CASES)('%s', async (_, prepare, words, sentence) => {
    await prepare();
    const before = await readdir(folder, { recursive: true });
    const { code, stdout, stderr } = await lab(...words());
    expect(stderr).toContain(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stdout).toBe('');
    expect(code === 1 || code === 2).toBe(true);
    expect(await readdir(folder, { recursive: true })).toEqual(before);
  });

  it('to go on with a run whose text changed', async () => {
    expect((await lab(...hyperfit())).code).toBe(0);
    await writeFile(text, `something else ${sampleText()}`);
    const { code, stderr } = await lab(...hyperfit('--resume'));
    expect([code, stderr.includes('the text changed since it began')]).toEqual([1, true]);
  });

  it('to go on after Ctrl-C, and keeps a checkpoint', async () => {
    const { child, done } = startLab(hyperfit('--epochs', '2000', '--windows', '8', '--batch', '2'));
    const steps = path.join(out, 'steps.jsonl');
    while (!(await readFile(steps, 'utf8').catch(() => '')).includes('"step":20,'))
      await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGINT');
    const { code, stderr } = await done;
    expect(code).toBe(130);
    expect(stderr).toContain('Stopped.');
    const checkpoints = await readdir(path.join(out, 'checkpoints'));
    expect(checkpoints).toEqual([expect.stringMatching(/^step-\d+-epoch-\d+$/)]);
  });
});
