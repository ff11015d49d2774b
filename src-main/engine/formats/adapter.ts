/**
 * LoRA adapters as PEFT stores them (https://github.com/huggingface/peft): adapter_config.json and
 * adapter_model.safetensors with keys `base_model.model.<module path>.lora_{A,B}.weight`. Folders written here load in
 * `peft` unchanged; of folders read, what the lab does not compute is refused by name.
 */
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { LabError } from '../errors.ts';
import { diskErrors, writeFileDurably } from './durable-files.ts';
import { openSafetensors, type SafetensorsFile, writeSafetensors } from './safetensors.ts';

export interface AdapterMatrix {
  /** A is [rank, inputs], B is [outputs, rank], whichever way the base stores its weights. */
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

const MAX_CONFIG_BYTES = 4 * 1024 * 1024;
/** Ways to begin an adapter that leave the base's weights alone; others (PiSSA, OLoRA, LoftQ …) change them as well. */
const PLAIN_BEGINNINGS: readonly unknown[] = [true, false, undefined, null, 'gaussian', 'orthogonal', 'eva'];

const configSchema = z.looseObject({
  peft_type: z.string(),
  r: z.number().int().positive(),
  lora_alpha: z.number().positive(),
  base_model_name_or_path: z.string().nullish(),
  bias: z.string().default('none'),
  use_rslora: z.boolean().default(false),
  init_lora_weights: z.unknown().optional(),
});

/** Fields of adapter_config.json that make an adapter more than B · A, where they hold anything. */
const UNSUPPORTED_FIELDS: Readonly<Record<string, string>> = {
  use_dora: 'DoRA',
  use_qalora: 'QALoRA',
  alora_invocation_tokens: 'activation by certain tokens (aLoRA)',
  lora_bias: 'biases of its own (lora_bias)',
  modules_to_save: 'modules that are saved whole (modules_to_save)',
  target_parameters: 'parameters outside of linear layers (target_parameters)',
  trainable_token_indices: 'trained tokens (trainable_token_indices)',
  layer_replication: 'repeated blocks (layer_replication)',
  rank_pattern: 'ranks that differ by module (rank_pattern)',
  alpha_pattern: 'scales that differ by module (alpha_pattern)',
};

/**
 * Reads an adapter's folder, matrices included.
 * @throws LabError 'file-not-found', 'unsafe-file' for a pickle; 'bad-adapter' for what is no LoRA or more than that
 */
export async function readAdapter(folder: string): Promise<Adapter> {
  const config = await readConfig(folder);
  await checkWeights(folder);
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

/**
 * Writes an adapter's folder, making it where it is not there. adapter_config.json comes last: where it is, all is.
 * @param fanInFanOut the base stores its linear weights [in, out] (GPT-2)
 * @throws LabError 'bad-adapter' for an adapter without modules, or with one outside of the blocks; 'disk-full'
 */
export async function writeAdapter(
  folder: string,
  adapter: Omit<Adapter, 'scale'>,
  fanInFanOut: boolean,
): Promise<void> {
  const places = [...adapter.modules.keys()].map(placeOf);
  if (places.length === 0)
    throw new LabError('bad-adapter', 'An adapter without modules cannot be written.', { folder });
  const config = {
    peft_type: 'LORA',
    task_type: 'CAUSAL_LM',
    base_model_name_or_path: adapter.baseModel,
    r: adapter.rank,
    lora_alpha: adapter.alpha,
    lora_dropout: 0,
    bias: 'none',
    // Whole paths within the block: GPT-2 has two modules that end in "c_proj".
    target_modules: [...new Set(places.map(({ module }) => module))],
    layers_to_transform: adapter.blocks,
    layers_pattern: places[0]!.list,
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
  await diskErrors(folder, () => mkdir(folder, { recursive: true }));
  await writeSafetensors(path.join(folder, WEIGHTS), tensors);
  await writeFileDurably(path.join(folder, CONFIG), `${JSON.stringify(config, null, 2)}\n`);
}

async function readConfig(folder: string): Promise<z.infer<typeof configSchema>> {
  const file = path.join(folder, CONFIG);
  const found = await stat(file).catch((cause) => {
    throw new LabError(
      'file-not-found',
      `${folder} is not an adapter: it has no ${CONFIG}.`,
      { folder },
      { cause },
    );
  });
  if (found.size > MAX_CONFIG_BYTES)
    throw new LabError('bad-adapter', `${file} is too large to be what its name says.`, { file });
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new LabError('bad-adapter', `${file} is not valid JSON.`, { file }, { cause });
  }
  const parsed = configSchema.safeParse(json);
  if (!parsed.success) {
    const field = parsed.error.issues[0]!.path.join('.');
    throw new LabError(
      'bad-adapter',
      `${file} does not describe a LoRA adapter${field === '' ? '' : `: see "${field}"`}.`,
      { file, field },
    );
  }
  const unsupported = unsupportedFeature(parsed.data);
  if (unsupported !== undefined) {
    throw new LabError(
      'bad-adapter',
      `The adapter in ${folder} uses ${unsupported}, which the lab does not compute.`,
      { folder },
    );
  }
  return parsed.data;
}

function unsupportedFeature(config: z.infer<typeof configSchema>): string | undefined {
  if (config.peft_type !== 'LORA') return `the adapter type ${config.peft_type}`;
  if (config.bias !== 'none') return `trained biases (${config.bias})`;
  const beginning = config.init_lora_weights;
  if (!PLAIN_BEGINNINGS.includes(beginning)) return `changed weights of the base (${beginning})`;
  const field = Object.keys(UNSUPPORTED_FIELDS).find((name) => holdsAnything(config[name]));
  return field === undefined ? undefined : UNSUPPORTED_FIELDS[field];
}

function holdsAnything(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}

async function checkWeights(folder: string): Promise<void> {
  const names = await readdir(folder);
  if (names.includes(WEIGHTS)) return;
  if (names.includes('adapter_model.bin')) {
    throw new LabError(
      'unsafe-file',
      `${folder} has its weights as adapter_model.bin, a pickle: opening it could run any program on your computer. Get the adapter as safetensors, or convert it.`,
      { folder },
    );
  }
  throw new LabError('file-not-found', `The adapter in ${folder} has no ${WEIGHTS}.`, { folder });
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
  if (parts.size === 0) throw new LabError('bad-adapter', `${file.path} holds no LoRA matrix.`);
  return new Map(
    [...parts].map(([module, { a, b }]) => {
      if (a === undefined || b === undefined) {
        throw new LabError('bad-adapter', `${file.path} has only one of the two matrices of "${module}".`, {
          module,
        });
      }
      if (a.shape.length !== 2 || b.shape.length !== 2 || a.shape[0] !== rank || b.shape[1] !== rank) {
        throw new LabError(
          'bad-adapter',
          `The matrices of "${module}" in ${file.path} are [${a.shape.join(', ')}] and [${b.shape.join(', ')}], which do not fit the rank ${rank} of ${CONFIG}.`,
          { module, rank },
        );
      }
      return [module, { a, b }];
    }),
  );
}

/** "model.layers.3.mlp.up_proj" is mlp.up_proj of block 3 in the list "layers". */
function placeOf(modulePath: string): { list: string; block: number; module: string } {
  const [, list, block, module] = /(?:^|\.)([a-z_]+)\.(\d+)\.(.+)$/.exec(modulePath) ?? [];
  if (list === undefined || module === undefined)
    throw new LabError('bad-adapter', `The module "${modulePath}" is in no block.`, { module: modulePath });
  return { list, block: Number(block), module };
}

function blocksOf(modules: Iterable<string>): number[] {
  return [...new Set([...modules].map((module) => placeOf(module).block))].sort(
    (first, second) => first - second,
  );
}
