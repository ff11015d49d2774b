import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Adapter, readAdapter, writeAdapter } from './adapter.ts';
import { writeSafetensors } from './safetensors.ts';

const FIXTURES = path.join(import.meta.dirname, '../../../tests/golden/fixtures');
const KEY = 'base_model.model.model.layers.1.mlp.up_proj';
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'adapter-'));
});
afterEach(() => rm(folder, { recursive: true }));

const matrix = (...shape: [number, number]) => ({
  shape,
  data: Float32Array.from({ length: shape[0] * shape[1] }, (_, index) => index),
});
const adapter: Omit<Adapter, 'scale'> = {
  rank: 2,
  alpha: 6,
  blocks: [1, 3],
  baseModel: '/models/tiny',
  modules: new Map([
    ['model.layers.1.mlp.up_proj', { a: matrix(2, 3), b: matrix(4, 2) }],
    ['model.layers.3.self_attn.q_proj', { a: matrix(2, 3), b: matrix(3, 2) }],
  ]),
};

async function changeConfig(change: object): Promise<void> {
  const file = path.join(folder, 'adapter_config.json');
  await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), ...change }));
}

describe('an adapter', () => {
  it('comes back as it was written', async () => {
    await writeAdapter(folder, adapter, false);
    expect(await readAdapter(folder)).toEqual({ ...adapter, scale: 3 });
    expect((await readdir(folder)).sort()).toEqual(['adapter_config.json', 'adapter_model.safetensors']);
  });

  it('tells peft which modules of which blocks it changes', async () => {
    await writeAdapter(folder, adapter, false);
    expect(JSON.parse(await readFile(path.join(folder, 'adapter_config.json'), 'utf8'))).toMatchObject({
      peft_type: 'LORA',
      task_type: 'CAUSAL_LM',
      target_modules: ['mlp.up_proj', 'self_attn.q_proj'],
      layers_to_transform: [1, 3],
      layers_pattern: 'layers',
      fan_in_fan_out: false,
    });
  });

  it.each(['llama', 'gpt2', 'gemma2'])('that peft wrote for %s is read', async (name) => {
    const { rank, alpha, scale, blocks, modules } = await readAdapter(path.join(FIXTURES, name, 'adapter'));
    expect({ rank, alpha, scale, blocks }).toEqual({ rank: 4, alpha: 8, scale: 2, blocks: [1, 2] });
    expect(modules.size % blocks.length).toBe(0);
  });

  it('of stabilized rank is scaled by the root of its rank', async () => {
    await writeAdapter(folder, adapter, false);
    await changeConfig({ use_rslora: true });
    expect((await readAdapter(folder)).scale).toBeCloseTo(6 / Math.sqrt(2));
  });

  it.each([
    ['the adapter type IA3', { peft_type: 'IA3' }],
    ['DoRA', { use_dora: true }],
    ['trained biases (all)', { bias: 'all' }],
    ['modules that are saved whole', { modules_to_save: ['lm_head'] }],
    ['ranks that differ by module', { rank_pattern: { q_proj: 4 } }],
    ['scales that differ by module', { alpha_pattern: { q_proj: 4 } }],
    ['biases of its own', { lora_bias: true }],
    ['trained tokens', { trainable_token_indices: [3] }],
    ['repeated blocks', { layer_replication: [[0, 2]] }],
    ['activation by certain tokens', { alora_invocation_tokens: [1] }],
    ['changed weights of the base (pissa)', { init_lora_weights: 'pissa' }],
  ])('that uses %s is refused by that name', async (feature, change) => {
    await writeAdapter(folder, adapter, false);
    await changeConfig(change);
    await expect(readAdapter(folder)).rejects.toMatchObject({
      code: 'bad-adapter',
      message: expect.stringContaining(`uses ${feature}`),
    });
  });

  it('whose rank is no number is refused with the name of the field', async () => {
    await writeAdapter(folder, adapter, false);
    await changeConfig({ r: '8' });
    await expect(readAdapter(folder)).rejects.toThrow('does not describe a LoRA adapter: see "r"');
    await writeFile(path.join(folder, 'adapter_config.json'), '{');
    await expect(readAdapter(folder)).rejects.toThrow('is not valid JSON');
  });

  it('whose files are missing, or a pickle, is refused', async () => {
    await expect(readAdapter(folder)).rejects.toMatchObject({ code: 'file-not-found' });
    await cp(
      path.join(FIXTURES, 'llama', 'adapter', 'adapter_config.json'),
      path.join(folder, 'adapter_config.json'),
    );
    await expect(readAdapter(folder)).rejects.toThrow('has no adapter_model.safetensors');
    await writeFile(path.join(folder, 'adapter_model.bin'), 'anything');
    await expect(readAdapter(folder)).rejects.toMatchObject({ code: 'unsafe-file' });
  });

  it.each([
    ['holds no LoRA matrix', []],
    ['which is no LoRA matrix', [{ name: 'base_model.model.lm_head.weight', ...matrix(2, 3) }]],
    ['has only one of the two matrices', [{ name: `${KEY}.lora_A.weight`, ...matrix(2, 3) }]],
    [
      'are [2, 3] and [4, 3], which do not fit the rank 2',
      [
        { name: `${KEY}.lora_A.weight`, ...matrix(2, 3) },
        { name: `${KEY}.lora_B.weight`, ...matrix(4, 3) },
      ],
    ],
    [
      'The module "lm_head" is in no block',
      [
        { name: 'base_model.model.lm_head.lora_A.weight', ...matrix(2, 3) },
        { name: 'base_model.model.lm_head.lora_B.weight', ...matrix(4, 2) },
      ],
    ],
  ])('is refused where its file %s', async (message, tensors) => {
    await writeAdapter(folder, adapter, false);
    await writeSafetensors(path.join(folder, 'adapter_model.safetensors'), tensors);
    await expect(readAdapter(folder)).rejects.toMatchObject({
      code: 'bad-adapter',
      message: expect.stringContaining(message),
    });
  });

  it('without modules is not written', async () => {
    await expect(writeAdapter(folder, { ...adapter, modules: new Map() }, false)).rejects.toMatchObject({
      code: 'bad-adapter',
    });
  });
});
