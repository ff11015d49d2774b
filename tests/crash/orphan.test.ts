/** An engine whose lab was killed: it notices, keeps what it has learned up to that step, and ends. */
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { findRecipe } from '../../src-main/engine/training/recipe.ts';
import { FIXTURES, isAlive, ROOT } from '../cli/run-lab.ts';
import { sampleText } from '../cli/sample-text.ts';

/** A lab with nothing but one job; it says the engine's pid once that has begun to learn. */
const LAB = `
  import { Supervisor } from '${ROOT}/src-main/lab/jobs/supervisor.ts';
  import { forkEngine } from '${ROOT}/src-main/lab/jobs/fork-engine.ts';
  const supervisor = new Supervisor(() => forkEngine('${ROOT}/src-main/lab/jobs/engine-process.ts'));
  let engine;
  supervisor.submit(JSON.parse(process.argv[2]), {
    onStart: (name) => { engine = name; },
    onEvent: ({ kind }) => { if (kind === 'step') console.log(engine.replace('pid ', '')); },
  });
`;

it('keeps the state of its last step when its lab is killed', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'orphan-'));
  const data = path.join(folder, 'text.txt');
  await writeFile(data, sampleText());
  const settings = { ...findRecipe('quick').settings, windows: 64, windowLength: 16, batch: 1, samples: 0 };
  const job = {
    kind: 'hyperfit',
    model: path.join(FIXTURES, 'llama'),
    ...{ data, recipe: { ...settings, epochs: 5000 }, recipeName: null, runtime: 'cpu' },
    ...{ out: path.join(folder, 'run'), resume: false },
  };
  const script = path.join(folder, 'lab.mjs');
  await writeFile(script, LAB);
  const lab = spawn(process.execPath, [script, JSON.stringify(job)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const engine = await new Promise<number>((resolve) => {
    lab.stdout.on('data', (text) => setTimeout(() => resolve(Number.parseInt(String(text), 10)), 300));
  });
  lab.kill('SIGKILL');
  await expect.poll(() => isAlive(engine), { timeout: 60_000 }).toBe(false);
  const steps = (await readFile(path.join(folder, 'run', 'steps.jsonl'), 'utf8')).trim().split('\n');
  const [checkpoint] = await readdir(path.join(folder, 'run', 'checkpoints'));
  expect(checkpoint).toMatch(new RegExp(`^step-0*${steps.length}-epoch-`));
  await rm(folder, { recursive: true });
});
