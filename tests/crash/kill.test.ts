/** No run lost: a run that is killed at any moment goes on to exactly the losses of one that was not. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../src-main/engine/random.ts';
import { FIXTURES, lab, startLab } from '../cli/run-lab.ts';
import { sampleText } from '../cli/sample-text.ts';

const MOMENTS = 20;
let folder: string;
let text: string;
let whole: Awaited<ReturnType<typeof records>>;
let wholeMilliseconds: number;

const words = (out: string) => [
  ...[
    'hyperfit',
    path.join(FIXTURES, 'llama'),
    '--data',
    text,
    '--out',
    out,
    '--scope',
    'last:2',
    '--window-length',
    '16',
  ],
  ...['--windows', '12', '--batch', '2', '--epochs', '12', '--samples', '2', '--seed', '4'],
];

async function records(out: string) {
  const read = async (name: string) =>
    (await readFile(path.join(out, name), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  return { steps: await read('steps.jsonl'), epochs: await read('epochs.jsonl') };
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'kill-'));
  text = path.join(folder, 'text.txt');
  await writeFile(text, sampleText());
  const started = performance.now();
  await lab(...words(path.join(folder, 'whole')));
  wholeMilliseconds = performance.now() - started;
  whole = await records(path.join(folder, 'whole'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a run that is killed', () => {
  const random = new Random(11);
  it.each(Array.from({ length: MOMENTS }, (_, index) => [index + 1, random.uniform()]))(
    'goes on to the same losses (%i, after %f of its time)',
    async (index, moment) => {
      const out = path.join(folder, `killed-${index}`);
      const { child, done } = startLab(words(out));
      setTimeout(() => child.kill('SIGKILL'), moment * wholeMilliseconds);
      await done;
      const { code, stderr } = await lab(...words(out), '--resume');
      expect(code, stderr).toBe(0);
      expect(await records(out)).toEqual(whole);
      expect(await readdir(path.join(out, 'checkpoints'))).toEqual(['step-00000072-epoch-0012']);
      expect((await readdir(out)).filter((name) => /tmp|cache/.test(name))).toEqual([]);
    },
  );
});
