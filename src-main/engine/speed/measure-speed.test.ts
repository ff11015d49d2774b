import { expect, it } from 'vitest';
import { CpuRuntime } from '../runtimes/onnxruntime/cpu-runtime.ts';
import { measureSpeed } from './measure-speed.ts';

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
