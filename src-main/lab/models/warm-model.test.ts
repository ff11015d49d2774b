import { cp, mkdtemp, rm, utimes } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FIXTURES } from '../../../tests/cli/run-lab.ts';
import type { WeightPrecision } from '../../engine/runtimes/quantize.ts';
import { WarmModel } from './warm-model.ts';

let folder: string;
let warm: WarmModel;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'warm-'));
  await cp(path.join(FIXTURES, 'llama'), folder, { recursive: true });
  warm = new WarmModel();
});
afterEach(async () => {
  await warm.close();
  await rm(folder, { recursive: true });
});
const take = (place = folder, weights: WeightPrecision = 'float32') =>
  warm.use({ folder: place, runtime: 'cpu', weights }, new AbortController().signal, async (model) => model);

describe('a warm model', () => {
  it('stays for who asks for the same, and gives way to another', async () => {
    const model = await take();
    expect(await take()).toBe(model);
    const other = await take(path.join(FIXTURES, 'gpt2'));
    expect(other.folder.config).not.toEqual(model.folder.config);
    expect(await take()).not.toBe(model);
  });

  it('gives way to the same with weights in less room', async () => {
    const model = await take();
    const smaller = await take(folder, '8-bit');
    expect(smaller).not.toBe(model);
    expect(await take(folder, '8-bit')).toBe(smaller);
  });

  it('is loaded again when its files have changed', async () => {
    const model = await take();
    await utimes(path.join(folder, 'model.safetensors'), 1, 1);
    expect(await take()).not.toBe(model);
  });

  it('goes when work with it failed, and stays when that was stopped', async () => {
    const model = await take();
    const stopped = AbortSignal.abort();
    const fail = (signal: AbortSignal) =>
      warm.use({ folder, runtime: 'cpu', weights: 'float32' }, signal, async () => {
        throw new Error('no memory');
      });
    await expect(fail(stopped)).rejects.toThrow('no memory');
    expect(await take()).toBe(model);
    await expect(fail(new AbortController().signal)).rejects.toThrow('no memory');
    expect(await take()).not.toBe(model);
  });
});
