import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { FIXTURES } from '../../../tests/cli/run-lab.ts';
import { sampleText } from '../../../tests/cli/sample-text.ts';
import type { RuntimeOptions } from '../../engine/runtimes/open-runtime.ts';
import { findRecipe } from '../../engine/training/recipe.ts';

const opened: (number | undefined)[] = [];
vi.mock('../../engine/runtimes/open-runtime.ts', async (original) => {
  const { openRuntime } = await original<typeof import('../../engine/runtimes/open-runtime.ts')>();
  return {
    openRuntime: (name: string, options: RuntimeOptions) => {
      opened.push(options.threads);
      return openRuntime(name, options);
    },
  };
});
const { runHyperfit } = await import('./hyperfit-run.ts');

it('goes on with the threads and the runtime that it began with, whatever is set by then', async () => {
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
    { ...request, threads: 1, resume: false },
    { signal: controller.signal, onEvent: ({ kind }) => kind === 'step' && controller.abort() },
  );
  await expect(begun).rejects.toThrow();
  expect(controller.signal.aborted).toBe(true);
  const { epochs } = await runHyperfit({ ...request, threads: 2, resume: true });
  expect(epochs.at(-1)?.epoch).toBe(3);
  expect(opened).toEqual([1, 1]);

  // It stays with its runtime, also where that is not there any more.
  const configuration = path.join(request.out, 'run.json');
  const written = await readFile(configuration, 'utf8');
  await writeFile(configuration, written.replace('"runtime": "cpu"', '"runtime": "tensorflow"'));
  const error = await runHyperfit({ ...request, resume: true }).catch((thrown) => thrown);
  expect(error).toMatchObject({ code: 'runtime-unavailable' });
  expect(error.message).toMatch(/began on the runtime tensorflow.*npm run tensorflow:install/);
  await rm(folder, { recursive: true });
});
