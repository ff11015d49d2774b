import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { FIXTURES } from '../../../tests/cli/run-lab.ts';
import { sampleText } from '../../../tests/cli/sample-text.ts';
import type { RuntimeOptions } from '../../engine/runtimes/open-runtime.ts';
import { findRecipe } from '../../engine/training/recipe.ts';

const opened: Pick<RuntimeOptions, 'threads' | 'products'>[] = [];
vi.mock('../../engine/runtimes/open-runtime.ts', async (original) => {
  const { openRuntime } = await original<typeof import('../../engine/runtimes/open-runtime.ts')>();
  return {
    // On a computer without TensorFlow; the processor's own runtime stands in where products are to be rounded.
    openRuntime: (name: string, { threads, products }: RuntimeOptions) => {
      opened.push({ threads, products });
      return openRuntime(products === 'bfloat16' ? 'cpu' : name, { threads });
    },
  };
});
const { runHyperfit } = await import('./hyperfit-run.ts');

it('goes on with the threads, the products and the runtime that it began with, whatever is set by then', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'threads-'));
  const data = path.join(folder, 'text.txt');
  await writeFile(data, sampleText());
  const request = {
    model: path.join(FIXTURES, 'llama'),
    data,
    recipe: {
      ...findRecipe('quick').settings,
      ...{
        scope: 'last:1',
        rank: 2,
        alpha: 4,
        epochs: 3,
        batch: 2,
        windows: 4,
        windowLength: 16,
        samples: 0,
      },
    },
    recipeName: null,
    runtime: 'cpu',
    out: path.join(folder, 'run'),
  };
  const controller = new AbortController();
  const begun = runHyperfit(
    { ...request, threads: 1, products: 'bfloat16', resume: false },
    { signal: controller.signal, onEvent: ({ kind }) => kind === 'step' && controller.abort() },
  );
  await expect(begun).rejects.toThrow();
  expect(controller.signal.aborted).toBe(true);
  const { epochs, seconds, measuringSeconds } = await runHyperfit({ ...request, threads: 2, resume: true });
  expect(epochs.at(-1)?.epoch).toBe(3);
  expect(measuringSeconds).toBeGreaterThan(0);
  expect(measuringSeconds).toBeLessThan(seconds);
  const asItBegan = { threads: 1, products: 'bfloat16' };
  expect(opened).toEqual([asItBegan, asItBegan]);

  // It stays with its runtime, also where that is not there any more.
  const configuration = path.join(request.out, 'run.json');
  const written: unknown = JSON.parse(await readFile(configuration, 'utf8'));
  expect(written).toMatchObject({ runtime: 'cpu', products: 'bfloat16' });
  const elsewhere = { ...Object(written), runtime: 'tensorflow', products: undefined };
  await writeFile(configuration, JSON.stringify(elsewhere));
  const error = await runHyperfit({ ...request, resume: true }).catch((thrown) => thrown);
  expect(error).toMatchObject({ code: 'runtime-unavailable' });
  expect(error.message).toMatch(/began on the runtime tensorflow.*npm run tensorflow:install/);
  await rm(folder, { recursive: true });
});
