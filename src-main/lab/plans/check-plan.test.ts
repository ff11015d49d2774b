import { cp, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FIXTURES } from '../../../tests/cli/run-lab.ts';
import { sampleText } from '../../../tests/cli/sample-text.ts';
import { openModelFolder } from '../../engine/formats/model-folder.ts';
import { openSafetensors } from '../../engine/formats/safetensors.ts';
import { loadTokenizer } from '../../engine/text/tokenizer.ts';
import { findRecipe, type Recipe } from '../../engine/training/recipe.ts';
import { type CheckRequest, checkPlan, checkTensors } from './check-plan.ts';
import { findRowProblems } from './rows.ts';

let folder: string;
let model: string;
let weights: string;
let data: string;
const { signal } = new AbortController();

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'plans-'));
  model = path.join(folder, 'model');
  await cp(path.join(FIXTURES, 'llama'), model, { recursive: true });
  weights = path.join(model, 'model.safetensors');
  data = path.join(folder, 'text.txt');
  await writeFile(data, sampleText());
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const request = (changes: Partial<Recipe> = {}): CheckRequest => ({
  model,
  data,
  recipe: {
    ...findRecipe('quick').settings,
    ...{ scope: 'last:1', rank: 4, batch: 2, windows: 8, windowLength: 16, samples: 2, sampleTokens: 8 },
    ...changes,
  },
  runtime: 'cpu',
});

/** Writes bytes into a tensor of the model. */
async function damage(name: string, bytes: Uint8Array): Promise<void> {
  const file = await openSafetensors(weights);
  const { offset } = file.tensors.get(name)!;
  await file.close();
  const handle = await open(weights, 'r+');
  await handle.write(bytes, 0, bytes.length, offset + 8);
  await handle.close();
}

describe('the check of a run', () => {
  it.each(['full', 'all', 'last:1'])(
    'does some steps of what will be done (%s), and leaves nothing behind',
    async (scope) => {
      const stages = new Set<string>();
      vi.stubEnv('TMPDIR', folder);
      const result = await checkPlan(request({ scope }), {
        signal,
        onProgress: (stage, share) => {
          stages.add(stage);
          expect(share).toBeLessThanOrEqual(1);
        },
      });
      expect([...stages]).toEqual(['weights', 'text', 'step']);
      expect(result.windows.train).toBe(8);
      expect(result.step.fastest).toBeGreaterThan(0);
      expect(result.writtenToken).toBeGreaterThan(0);
      expect(result.peakMemoryBytes).toBeGreaterThan(1e6);
      expect(await readdir(folder)).not.toContainEqual(expect.stringMatching(/^hyperfit-check-/));
    },
  );

  it('finds a weight that is no number, and names the tensor', async () => {
    const name = 'model.layers.1.mlp.up_proj.weight';
    await damage(name, new Uint8Array(Float32Array.of(Number.NaN).buffer));
    const opened = await openModelFolder(model);
    await expect(checkTensors(opened, signal, () => {})).rejects.toMatchObject({
      code: 'bad-safetensors',
      data: { tensor: name },
    });
    await opened.close();
  });

  it('finds files that end too early', async () => {
    const bytes = await readFile(weights);
    await writeFile(weights, bytes.subarray(0, bytes.length - 100));
    await expect(checkPlan(request(), { signal, onProgress: () => {} })).rejects.toMatchObject({
      code: 'bad-safetensors',
      message: expect.stringContaining('100 bytes are missing'),
    });
  });

  it('says that a learning rate is too high before the run does', async () => {
    await expect(
      checkPlan(request({ scope: 'full', learningRate: 1e30 }), { signal, onProgress: () => {} }),
    ).rejects.toMatchObject({ code: 'non-finite-loss' });
  });

  it('refuses windows that are longer than the model reads', async () => {
    await expect(
      checkPlan(request({ windowLength: 100_000 }), { signal, onProgress: () => {} }),
    ).rejects.toMatchObject({ code: 'bad-argument' });
  });

  it('stops when it is told to', async () => {
    const controller = new AbortController();
    const check = checkPlan(request(), {
      signal: controller.signal,
      onProgress: (stage) => {
        if (stage === 'step') controller.abort();
      },
    });
    await expect(check).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('tells the lines of rows that are too short or too long', async () => {
    const file = path.join(folder, 'rows.jsonl');
    const rows = ['sea', 'the sea '.repeat(8), 'the sea '.repeat(400)];
    await writeFile(file, rows.map((text) => JSON.stringify({ text })).join('\n'));
    const { vocab_size: vocabularySize } = JSON.parse(
      await readFile(path.join(model, 'config.json'), 'utf8'),
    );
    const tokenizer = await loadTokenizer(model, vocabularySize);
    const rowsOf = (windowsPerDocument: Recipe['windowsPerDocument']) =>
      findRowProblems({ ...request({ windowsPerDocument }), data: file }, tokenizer, signal);
    const found = await rowsOf('first');
    expect(found.count).toBe(found.first.length);
    expect(found.first[0]).toMatchObject({ line: 1, problem: expect.stringContaining('it is left out') });
    expect(found.first.at(-1)).toMatchObject({
      line: 3,
      problem: expect.stringContaining('of which the first 15'),
    });
    const whole = await rowsOf('all');
    expect(whole.first.map(({ line }) => line)).toEqual([1]);
  });
});
