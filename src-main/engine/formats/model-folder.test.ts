import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openModelFolder } from './model-folder.ts';
import { writeSafetensors } from './safetensors.ts';

const FIXTURES = path.join(import.meta.dirname, '../../../tests/golden/fixtures');
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'model-folder-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function copy(name: string): Promise<void> {
  await cp(path.join(FIXTURES, name), folder, { recursive: true });
}

describe('a model folder', () => {
  it('of shards reads as one model', async () => {
    await copy('llama-sharded');
    const model = await openModelFolder(folder);
    expect(model.tensors.size).toBeGreaterThan(20);
    expect(new Set([...model.tensors.values()].map(({ path: file }) => file)).size).toBe(3);
    await model.close();
  });

  it('changes its fingerprint with its files', async () => {
    await copy('llama');
    const fingerprint = async () => {
      const model = await openModelFolder(folder);
      await model.close();
      return model.fingerprint;
    };
    const before = await fingerprint();
    expect(await fingerprint()).toBe(before);
    await writeFile(path.join(folder, 'config.json'), '{"model_type": "llama"}');
    expect(await fingerprint()).not.toBe(before);
  });

  it('names a missing shard', async () => {
    await copy('llama-sharded');
    await rm(path.join(folder, 'model-00002-of-00003.safetensors'));
    await expect(openModelFolder(folder)).rejects.toThrow(
      'The weight file model-00002-of-00003.safetensors is missing',
    );
  });

  it.each(['../a.safetensors', '/a.safetensors', 'b\\a.safetensors', '..', ''])(
    'refuses an index that leads out of the folder, to "%s"',
    async (shard) => {
      await copy('llama-sharded');
      await writeFile(
        path.join(folder, 'model.safetensors.index.json'),
        JSON.stringify({ weight_map: { a: shard } }),
      );
      await expect(openModelFolder(folder)).rejects.toMatchObject({ code: 'unsafe-file' });
    },
  );

  it('names a tensor that the index promises and the shard lacks', async () => {
    await copy('llama-sharded');
    const weight_map = { nowhere: 'model-00001-of-00003.safetensors' };
    await writeFile(path.join(folder, 'model.safetensors.index.json'), JSON.stringify({ weight_map }));
    await expect(openModelFolder(folder)).rejects.toThrow('holds "nowhere", but it does not');
  });

  it('names a tensor that the index looks for in the wrong shard', async () => {
    await copy('llama-sharded');
    const index = path.join(folder, 'model.safetensors.index.json');
    const { weight_map } = JSON.parse(await readFile(index, 'utf8'));
    const shards = [...new Set(Object.values(weight_map))];
    const name = Object.keys(weight_map).find((key) => weight_map[key] === shards[0])!;
    await writeFile(index, JSON.stringify({ weight_map: { ...weight_map, [name]: shards[1] } }));
    await expect(openModelFolder(folder)).rejects.toMatchObject({
      code: 'missing-tensor',
      data: { tensor: name },
    });
  });

  it('reads its tensors by name, and names one that is not there', async () => {
    await copy('llama-sharded');
    const model = await openModelFolder(folder);
    for (const [name, { shape }] of model.tensors)
      expect((await model.readFloat32(name)).length).toBe(shape.reduce((product, size) => product * size, 1));
    await expect(model.readFloat32('nowhere')).rejects.toMatchObject({ code: 'missing-tensor' });
    await model.close();
  });

  it.each([
    [{ eos_token_id: [7, 8] }, { eos_token_id: 9 }, [7, 8]],
    [{}, { eos_token_id: 9 }, [9]],
    [undefined, { eos_token_id: [9] }, [9]],
    [undefined, { eos_token_id: null }, []],
  ])('takes the end of a text from %j, then from %j', async (generation, config, endOfText) => {
    await writeSafetensors(path.join(folder, 'model.safetensors'), []);
    await writeFile(path.join(folder, 'config.json'), JSON.stringify(config));
    if (generation) await writeFile(path.join(folder, 'generation_config.json'), JSON.stringify(generation));
    const model = await openModelFolder(folder);
    await model.close();
    expect(model.endOfText).toEqual(endOfText);
  });

  it.each(['pytorch_model.bin', 'model.pt', 'weights.ckpt'])(
    'refuses a pickle, %s, and says what to do',
    async (name) => {
      await writeFile(path.join(folder, 'config.json'), '{}');
      await writeFile(path.join(folder, name), 'anything');
      await expect(openModelFolder(folder)).rejects.toMatchObject({
        code: 'unsafe-file',
        message: expect.stringContaining('could run any program'),
      });
    },
  );

  it('refuses what is no model folder', async () => {
    await expect(openModelFolder(path.join(folder, 'nowhere'))).rejects.toThrow('There is no folder');
    await expect(openModelFolder(folder)).rejects.toThrow('has no config.json');
    await writeFile(path.join(folder, 'adapter_config.json'), '{}');
    await expect(openModelFolder(folder)).rejects.toThrow('it holds an adapter');
    await writeFile(path.join(folder, 'config.json'), '[]');
    await expect(openModelFolder(folder)).rejects.toThrow('is not a JSON object');
    await writeFile(path.join(folder, 'config.json'), ' '.repeat(5 * 1024 * 1024));
    await expect(openModelFolder(folder)).rejects.toThrow('too large');
    await writeFile(path.join(folder, 'config.json'), '{"model_type":');
    await expect(openModelFolder(folder)).rejects.toThrow('is not valid JSON');
    await expect(openModelFolder(path.join(folder, 'config.json'))).rejects.toThrow('is a file');
    await writeFile(path.join(folder, 'config.json'), '{}');
    await expect(openModelFolder(folder)).rejects.toThrow('holds no weights');
  });
});
