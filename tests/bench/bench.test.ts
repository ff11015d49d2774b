/** The bench as a person calls it, at its tiny sizes: that it works, and goes on where it was. Nothing is said of time. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'bench-'));
});
afterAll(() => rm(folder, { recursive: true }));

function bench(...words: string[]) {
  const main = path.join(import.meta.dirname, 'main.ts');
  return spawnSync(process.execPath, [main, ...words], { encoding: 'utf8' });
}

it('measures a row of each kind, and nothing twice', () => {
  const words = [
    '--quick',
    '--runtime',
    'cpu',
    '--only',
    'lora-step,last-5,prefix,decode-1',
    '--size',
    '190m',
  ];
  const kept = ['--json', path.join(folder, 'rounds.jsonl')];
  const first = bench(...words, ...kept);
  expect(first.stderr).toMatch(/last-5 190m: ours, round 1 of 1/);
  expect(first.status).toBe(0);
  for (const title of [
    'LoRA on all blocks',
    'LoRA on the last 5 blocks',
    'The frozen blocks alone',
    'Greedy decoding',
  ])
    expect(first.stdout).toContain(title);
  expect(first.stdout).toMatch(/ours, cpu +[\d.]+ m?s +[\d.]+ +\d+ \(\d+ % of the best\) +\d+ MiB/);
  const second = bench(...words, ...kept);
  expect(second.stderr).not.toContain('round 1');
  expect(second.stdout).toBe(first.stdout);
}, 300_000);

it('refuses a row or a size that there is not, in a sentence', () => {
  expect(bench('--only', 'full').stderr).toBe(
    'There is no "full". There are full-step, lora-step, last-5, prefix, decode-1, decode-32, slopes, slope-blocks, slope-windows, slope-vocabulary.\n',
  );
  expect(bench('--quick', '--markdown').stderr).toMatch(/^BENCHMARKS.md is not for tiny sizes/);
  expect(bench('--size', '2b').stderr).toBe('There is no "2b". There are 15m, 190m, 1.1b.\n');
});
