/**
 * Writes a model folder that loads in transformers unchanged: the base's configuration and tokenizer, and new weights.
 * Weights are stored as float32, whatever the base had: what hyperfitting changes can be smaller than half precision.
 */
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { diskErrors, writeFileDurably } from '../formats/durable-files.ts';
import type { ModelFolder } from '../formats/model-folder.ts';
import { writeSafetensors } from '../formats/safetensors.ts';
import type { Shape } from '../graph/value.ts';

const CARRIED_FILES = [
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'generation_config.json',
  'chat_template.jinja',
];

export async function saveModel(
  folder: string,
  base: ModelFolder,
  weights: ReadonlyMap<string, Float32Array>,
  shapes: ReadonlyMap<string, Shape>,
): Promise<void> {
  await diskErrors(folder, () => mkdir(folder, { recursive: true }));
  const present = new Set(await readdir(base.path));
  for (const name of CARRIED_FILES.filter((file) => present.has(file))) {
    await diskErrors(folder, () => copyFile(path.join(base.path, name), path.join(folder, name)));
  }
  const tensors = [...weights].map(([name, data]) => ({ name, shape: shapes.get(name)!, data }));
  await writeSafetensors(path.join(folder, 'model.safetensors'), tensors);
  const { dtype: _, ...config } = z.record(z.string(), z.unknown()).parse(base.config);
  // Last, so that a folder with a config.json is whole.
  await writeFileDurably(
    path.join(folder, 'config.json'),
    `${JSON.stringify({ ...config, torch_dtype: 'float32' }, null, 2)}\n`,
  );
}
