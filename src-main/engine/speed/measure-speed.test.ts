import path from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { openModelFolder } from '../formats/model-folder.ts';
import { Weights } from '../model/weights.ts';
import { CpuRuntime } from '../runtimes/onnxruntime/cpu-runtime.ts';
import { measureSpeed, type TrainingSpeed } from './measure-speed.ts';

const LLAMA = path.join(import.meta.dirname, '../../../tests/golden/fixtures/llama');
const PLENTY = 1e12;
afterEach(() => {
  vi.restoreAllMocks();
});

/** The config.json of the fixture, for a model of so many blocks. */
async function llamaOf(blocks: number): Promise<Record<string, unknown>> {
  const { config, close } = await openModelFolder(LLAMA);
  await close();
  return { ...config, num_hidden_layers: blocks };
}

it('measures training, writing and products, tells how far it is, and gives all memory back', async () => {
  const runtime = new CpuRuntime();
  const shares: number[] = [];
  const speed = await measureSpeed(runtime, { seconds: 0.01, onProgress: (share) => shares.push(share) });
  for (const figure of Object.values(speed)) expect(figure).toBeGreaterThan(0);
  expect(shares.length).toBeGreaterThanOrEqual(3);
  expect(shares).toEqual(shares.toSorted((first, second) => first - second));
  expect(shares.at(-1)).toBe(1);
  expect(runtime.memoryUsed()).toBe(0);
});

it('stops when it is asked to', async () => {
  const signal = AbortSignal.abort();
  await expect(measureSpeed(new CpuRuntime(), { signal })).rejects.toMatchObject({ name: 'AbortError' });
});

it('makes each weight of a chosen model once', async () => {
  const load = vi.spyOn(Weights.prototype, 'load');
  const runtime = new CpuRuntime();
  const speed = await measureSpeed(runtime, {
    config: await llamaOf(7),
    seconds: 0.01,
    freeMemory: () => PLENTY,
  });
  for (const figure of Object.values(speed)) expect(figure).toBeGreaterThan(0);
  const names = load.mock.calls.map(([name]) => name);
  expect(names).toHaveLength(7 * 9 + 3);
  expect(new Set(names).size).toBe(names.length);
  expect(runtime.memoryUsed()).toBe(0);
});

it('trains the last five blocks and the head alone, and refuses to write where the whole does not fit', async () => {
  const load = vi.spyOn(Weights.prototype, 'load');
  const runtime = new CpuRuntime();
  const free = [PLENTY, 1e5];
  let trained: TrainingSpeed | undefined;
  const measuring = measureSpeed(runtime, {
    ...{ config: await llamaOf(7), seconds: 0.01 },
    freeMemory: () => free.shift()!,
    onTrained: (speed) => {
      trained = speed;
    },
  });
  await expect(measuring).rejects.toMatchObject({
    code: 'out-of-memory',
    message: expect.stringMatching(/whole model needs [\d.]+ GB of free memory, and 0.0 GB are there now/),
  });
  expect(trained!.trainedTokensPerSecond).toBeGreaterThan(0);
  const parts = load.mock.calls.map(([name]) => /layers\.\d+|norm|lm_head|embed/.exec(name)![0]);
  expect([...new Set(parts)].toSorted()).toEqual([
    ...['layers.2', 'layers.3', 'layers.4', 'layers.5', 'layers.6', 'lm_head', 'norm'],
  ]);
  expect(runtime.memoryUsed()).toBe(0);
});

it('trains all blocks of a model that has fewer, from its tokens on', async () => {
  const speed = await measureSpeed(new CpuRuntime(), { config: await llamaOf(3), seconds: 0.01 });
  for (const figure of Object.values(speed)) expect(figure).toBeGreaterThan(0);
});

it('makes no weight where not even a training step fits', async () => {
  const load = vi.spyOn(Weights.prototype, 'load');
  const options = { config: await llamaOf(7), seconds: 0.01, freeMemory: () => 1000 };
  const measuring = measureSpeed(new CpuRuntime(), options);
  await expect(measuring).rejects.toMatchObject({ code: 'out-of-memory' });
  expect(load).not.toHaveBeenCalled();
});
