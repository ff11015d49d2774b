/**
 * LoRA adapters as PEFT stores them (https://github.com/huggingface/peft): adapter_config.json and
 * adapter_model.safetensors with keys `base_model.model.<module path>.lora_{A,B}.weight`. Folders written here load in
 * `peft` unchanged; of folders read, what the lab does not compute is refused by name.
 */
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { LabError } from '../errors.ts';
import { writeFileDurably } from './durable-files.ts';
import { openSafetensors, type SafetensorsFile, writeSafetensors } from './safetensors.ts';

export interface AdapterMatrix {
  /** lora_A [rank, inputs] or lora_B [outputs, rank] */
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export interface Adapter {
  readonly rank: number;
  readonly alpha: number;
  /** Factor on the adapter's output: alpha / rank, or alpha / √rank for rank-stabilized LoRA. */
  readonly scale: number;
  /** Blocks with adapters, ascending, 0-based. */
  readonly blocks: readonly number[];
  /** Where the base model was found, as the adapter tells. */
  readonly baseModel: string;
  /** By module path, such as "model.layers.3.self_attn.q_proj". */
  readonly modules: ReadonlyMap<string, { readonly a: AdapterMatrix; readonly b: AdapterMatrix }>;
}

const KEY = /^base_model\.model\.(.+)\.lora_([AB])\.weight$/;
const CONFIG = 'adapter_config.json';
const WEIGHTS = 'adapter_model.safetensors';

const configSchema = z.looseObject({
  peft_type: z.string(),
  r: z.number().int().positive(),
  lora_alpha: z.number().positive(),
  base_model_name_or_path: z.string().nullish(),
  bias: z.string().default('none'),
  use_dora: z.boolean().default(false),
  use_rslora: z.boolean().default(false),
  modules_to_save: z.array(z.string()).nullish(),
  rank_pattern: z.record(z.string(), z.unknown()).default({}),
  alpha_pattern: z.record(z.string(), z.unknown()).default({}),
});

export async function readAdapter(folder: string): Promise<Adapter> {
  const config = await readConfig(folder);
  const file = await openSafetensors(path.join(folder, WEIGHTS));
  try {
    const modules = await readModules(file, config.r);
    return {
      rank: config.r,
      alpha: config.lora_alpha,
      scale: config.lora_alpha / (config.use_rslora ? Math.sqrt(config.r) : config.r),
      blocks: blocksOf(modules.keys()),
      baseModel: config.base_model_name_or_path ?? '',
      modules,
    };
  } finally {
    await file.close();
  }
}

/** @param fanInFanOut the base stores its linear weights [in, out] (GPT-2) */
export async function writeAdapter(
  folder: string,
  adapter: Omit<Adapter, 'scale'>,
  fanInFanOut: boolean,
): Promise<void> {
  const paths = [...adapter.modules.keys()];
  const config = {
    peft_type: 'LORA',
    task_type: 'CAUSAL_LM',
    base_model_name_or_path: adapter.baseModel,
    r: adapter.rank,
    lora_alpha: adapter.alpha,
    lora_dropout: 0,
    bias: 'none',
    target_modules: [...new Set(paths.map((module) => module.slice(module.lastIndexOf('.') + 1)))],
    layers_to_transform: adapter.blocks,
    layers_pattern: blockOf(paths[0]!).pattern,
    fan_in_fan_out: fanInFanOut,
    inference_mode: true,
    use_rslora: false,
    use_dora: false,
    init_lora_weights: true,
    modules_to_save: null,
  };
  const tensors = [...adapter.modules].flatMap(([module, { a, b }]) => [
    { name: `base_model.model.${module}.lora_A.weight`, ...a },
    { name: `base_model.model.${module}.lora_B.weight`, ...b },
  ]);
  await mkdir(folder, { recursive: true });
  await writeSafetensors(path.join(folder, WEIGHTS), tensors);
  await writeFileDurably(path.join(folder, CONFIG), `${JSON.stringify(config, null, 2)}\n`);
}

async function readConfig(folder: string): Promise<z.infer<typeof configSchema>> {
  const file = path.join(folder, CONFIG);
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw new LabError(
      'file-not-found',
      `${folder} is not an adapter: it has no ${CONFIG}.`,
      { folder },
      { cause },
    );
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new LabError('bad-adapter', `${file} is not valid JSON.`, { file }, { cause });
  }
  const parsed = configSchema.safeParse(json);
  if (!parsed.success)
    throw new LabError('bad-adapter', `${file} does not describe a LoRA adapter.`, { file });
  const config = parsed.data;
  const unsupported = [
    config.peft_type !== 'LORA' && `the adapter type ${config.peft_type}`,
    config.use_dora && 'DoRA',
    config.bias !== 'none' && `trained biases (${config.bias})`,
    (config.modules_to_save?.length ?? 0) > 0 && 'modules that are saved whole (modules_to_save)',
    Object.keys(config.rank_pattern).length > 0 && 'ranks that differ by module (rank_pattern)',
    Object.keys(config.alpha_pattern).length > 0 && 'scales that differ by module (alpha_pattern)',
  ].find((feature) => feature !== false);
  if (unsupported)
    throw new LabError(
      'bad-adapter',
      `The adapter in ${folder} uses ${unsupported}, which the lab does not compute.`,
      { folder },
    );
  return config;
}

async function readModules(file: SafetensorsFile, rank: number): Promise<Adapter['modules']> {
  const parts = new Map<string, { a?: AdapterMatrix; b?: AdapterMatrix }>();
  for (const [key, { shape }] of file.tensors) {
    const [, module, letter] = KEY.exec(key) ?? [];
    if (module === undefined) {
      throw new LabError('bad-adapter', `${file.path} holds "${key}", which is no LoRA matrix.`, { key });
    }
    const matrix = { shape, data: await file.readFloat32(key) };
    parts.set(module, { ...parts.get(module), [letter === 'A' ? 'a' : 'b']: matrix });
  }
  return new Map(
    [...parts].map(([module, { a, b }]) => {
      if (a === undefined || b === undefined || a.shape[0] !== rank || b.shape[1] !== rank) {
        throw new LabError(
          'bad-adapter',
          `${file.path} lacks a matrix of "${module}", or its rank is not ${rank}.`,
          { module },
        );
      }
      return [module, { a, b }];
    }),
  );
}

/** "model.layers.3.mlp.up_proj" → layers, 3. */
function blockOf(module: string): { pattern: string; block: number } {
  const [, pattern, block] = /\.([a-z]+)\.(\d+)\./.exec(`.${module}`) ?? [];
  if (pattern === undefined)
    throw new LabError('bad-adapter', `The module "${module}" is in no block.`, { module });
  return { pattern, block: Number(block) };
}

function blocksOf(modules: Iterable<string>): number[] {
  return [...new Set([...modules].map((module) => blockOf(module).block))].sort(
    (first, second) => first - second,
  );
}
