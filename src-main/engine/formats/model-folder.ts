/**
 * A model as Hugging Face stores it: config.json, and weights in one safetensors file or in shards with an index.
 * Pickled weights are refused: loading one can run any program.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { LabError } from '../errors.ts';
import {
  type FloatTensorEntry,
  openSafetensors,
  type SafetensorsFile,
  type TensorEntry,
} from './safetensors.ts';

const MAX_CONFIG_BYTES = 4 * 1024 * 1024;
/** An index has a line for every tensor. */
const MAX_INDEX_BYTES = 64 * 1024 * 1024;
const CONFIG = 'config.json';
const GENERATION_CONFIG = 'generation_config.json';
const WEIGHTS = 'model.safetensors';
const INDEX = 'model.safetensors.index.json';
const PICKLED = ['.bin', '.pt', '.pth', '.ckpt', '.pkl'];

const endTokensSchema = z.looseObject({
  eos_token_id: z.union([z.number().int(), z.array(z.number().int())]).nullish(),
});
const configSchema = z.record(z.string(), z.unknown());
const indexSchema = z.looseObject({ weight_map: z.record(z.string(), z.string()) });

export interface ModelFolder {
  readonly path: string;
  /** config.json as it is: architectures check what they need of it. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Tokens that end a text, from generation_config.json, else from config.json. */
  readonly endOfText: readonly number[];
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  /**
   * SHA-256 over config.json and each weight file's name, size, modification time and header. It changes when a file is
   * replaced, renamed or edited. The weights themselves are not read, so an edit that keeps size and time goes unseen,
   * and a copy of the same folder with other times counts as another model.
   */
  readonly fingerprint: string;
  /** Of all tensors, as stored. */
  readonly totalBytes: number;
  /** See SafetensorsFile: the tensor's numbers, widened. */
  readFloat32(name: string, into?: Float32Array): Promise<Float32Array>;
  /** See SafetensorsFile: some of the tensor's rows. */
  readRows(name: string, rows: readonly number[], into: Float32Array): Promise<void>;
  /** See SafetensorsFile: where others find the tensor's numbers. */
  place(name: string): Promise<FloatTensorEntry | undefined>;
  close(): Promise<void>;
}

/**
 * Opens a model's folder and checks its files' headers; no weight is read.
 * @throws LabError 'file-not-found', 'bad-config', 'bad-safetensors', 'missing-tensor', 'unsafe-file' for pickles
 */
export async function openModelFolder(folder: string): Promise<ModelFolder> {
  const names = await listFolder(folder);
  if (!names.includes(CONFIG)) {
    const what = names.includes('adapter_config.json')
      ? 'it holds an adapter. Choose the folder of the model it was made for'
      : 'it is not a model folder. Choose the folder that holds it';
    throw new LabError('file-not-found', `${folder} has no ${CONFIG}: ${what}.`, { folder });
  }
  const configText = await readText(path.join(folder, CONFIG), MAX_CONFIG_BYTES);
  const config = parseConfig(configText, path.join(folder, CONFIG));
  const index = names.includes(WEIGHTS) ? undefined : await readIndex(folder, names);
  const files = new Map<string, SafetensorsFile>();
  try {
    for (const name of index === undefined ? [WEIGHTS] : new Set(index.values()))
      files.set(name, await openSafetensors(path.join(folder, name)));
    const owners = index === undefined ? ownersIn(files) : ownersByIndex(index, files);
    const tensors = new Map([...owners].map(([name, file]) => [name, file.tensors.get(name)!]));
    return {
      path: folder,
      config,
      endOfText: await readEndTokens(folder, names, config),
      tensors,
      fingerprint: await fingerprint(configText, files),
      totalBytes: [...tensors.values()].reduce((sum, { byteLength }) => sum + byteLength, 0),
      readFloat32: async (name, into) => ownerOf(owners, name).readFloat32(name, into),
      readRows: async (name, rows, into) => ownerOf(owners, name).readRows(name, rows, into),
      place: async (name) => ownerOf(owners, name).place(name),
      close: () => closeAll(files),
    };
  } catch (error) {
    await closeAll(files);
    throw error;
  }
}

function ownerOf(owners: ReadonlyMap<string, SafetensorsFile>, name: string): SafetensorsFile {
  const owner = owners.get(name);
  if (owner !== undefined) return owner;
  throw new LabError('missing-tensor', `The model has no tensor "${name}".`, { tensor: name });
}

async function closeAll(files: ReadonlyMap<string, SafetensorsFile>): Promise<void> {
  for (const file of files.values()) await file.close();
}

async function listFolder(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const message =
      code === 'ENOENT'
        ? `There is no folder ${folder}.`
        : code === 'ENOTDIR'
          ? `${folder} is a file. Choose the folder that holds the model's ${CONFIG}.`
          : `The folder ${folder} cannot be read (${code}).`;
    throw new LabError('file-not-found', message, { folder }, { cause });
  }
}

function ownersIn(files: ReadonlyMap<string, SafetensorsFile>): Map<string, SafetensorsFile> {
  return new Map(
    [...files.values()].flatMap((file) => [...file.tensors.keys()].map((name) => [name, file] as const)),
  );
}

/** As in transformers, the index decides: what a shard holds beyond it is left alone. */
function ownersByIndex(
  index: ReadonlyMap<string, string>,
  files: ReadonlyMap<string, SafetensorsFile>,
): Map<string, SafetensorsFile> {
  return new Map(
    [...index].map(([name, shard]) => {
      const file = files.get(shard)!;
      if (!file.tensors.has(name)) {
        throw new LabError(
          'missing-tensor',
          `The index says that ${shard} holds "${name}", but it does not. Download it again.`,
          { tensor: name, shard },
        );
      }
      return [name, file];
    }),
  );
}

/** Tensor → name of the shard that holds it; every shard is there. */
async function readIndex(folder: string, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (!names.includes(INDEX)) refuseWithoutWeights(folder, names);
  const file = path.join(folder, INDEX);
  const parsed = indexSchema.safeParse(parseJson(await readText(file, MAX_INDEX_BYTES), file));
  if (!parsed.success)
    throw new LabError('bad-config', `${file} does not tell which file holds which tensor.`, { file });
  const index = new Map(Object.entries(parsed.data.weight_map));
  for (const shard of new Set(index.values())) {
    if (/[/\\]/.test(shard) || ['', '.', '..'].includes(shard)) {
      throw new LabError(
        'unsafe-file',
        `The index of ${folder} names "${shard}", which is no file in the model's folder.`,
        { shard },
      );
    }
    if (!names.includes(shard)) {
      throw new LabError(
        'file-not-found',
        `The weight file ${shard} is missing in ${folder}. Download it again.`,
        { shard },
      );
    }
  }
  return index;
}

function refuseWithoutWeights(folder: string, names: readonly string[]): never {
  const pickles = names.filter((name) => PICKLED.includes(path.extname(name).toLowerCase()));
  // Trainers leave other pickles (training_args.bin, optimizer.pt) beside the weights.
  const pickle = pickles.find((name) => name.startsWith('pytorch_model')) ?? pickles[0];
  if (pickle !== undefined) {
    throw new LabError(
      'unsafe-file',
      `${folder} has its weights as ${pickle}, a pickle: opening it could run any program on your computer. Get the model as safetensors, or convert it.`,
      { file: pickle },
    );
  }
  throw new LabError('file-not-found', `${folder} holds no weights: there is no ${WEIGHTS}.`, { folder });
}

async function readEndTokens(folder: string, names: readonly string[], config: unknown): Promise<number[]> {
  const file = path.join(folder, GENERATION_CONFIG);
  const sources = names.includes(GENERATION_CONFIG)
    ? [parseJson(await readText(file, MAX_CONFIG_BYTES), file), config]
    : [config];
  for (const source of sources) {
    const tokens = endTokensSchema.safeParse(source).data?.eos_token_id;
    if (tokens !== undefined && tokens !== null) return [tokens].flat();
  }
  return [];
}

async function fingerprint(configText: string, files: ReadonlyMap<string, SafetensorsFile>): Promise<string> {
  const hash = createHash('sha256').update(configText);
  for (const [name, file] of files) {
    const { size, mtimeMs } = await stat(file.path);
    hash.update(JSON.stringify([name, size, mtimeMs, file.headerText]));
  }
  return hash.digest('hex');
}

async function readText(file: string, maxBytes: number): Promise<string> {
  const { size } = await stat(file);
  if (size > maxBytes)
    throw new LabError('bad-config', `${file} is too large to be what its name says.`, { file, size });
  return readFile(file, 'utf8');
}

function parseConfig(text: string, file: string): Record<string, unknown> {
  const config = configSchema.safeParse(parseJson(text, file));
  if (!config.success) throw new LabError('bad-config', `${file} is not a JSON object.`, { file });
  return config.data;
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new LabError(
      'bad-config',
      `${file} is not valid JSON: ${(cause as Error).message}.`,
      { file },
      { cause },
    );
  }
}
