/**
 * A model as Hugging Face stores it: config.json, and weights in one safetensors file or in shards with an index.
 * Pickled weights are refused: loading one can run any program.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { LabError } from '../errors.ts';
import { openSafetensors, type SafetensorsFile, type TensorEntry } from './safetensors.ts';

const MAX_JSON_BYTES = 64 * 1024 * 1024;
const PICKLED = ['.bin', '.pt', '.pth', '.ckpt', '.pkl'];

const endTokensSchema = z.looseObject({
  eos_token_id: z.union([z.number().int(), z.array(z.number().int())]).nullish(),
});
const indexSchema = z.looseObject({ weight_map: z.record(z.string(), z.string()) });

export interface ModelFolder {
  readonly path: string;
  /** config.json as it is: architectures check what they need of it. */
  readonly config: unknown;
  /** Tokens that end a text, from generation_config.json, else from config.json. */
  readonly endOfText: readonly number[];
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  /**
   * SHA-256 over config.json and each weight file's name, size, modification time and header. It changes when a file is
   * replaced or edited, but it does not read the weights, so an edit that keeps size and time goes unseen.
   */
  readonly fingerprint: string;
  readonly totalBytes: number;
  readFloat32(name: string): Promise<Float32Array>;
  close(): Promise<void>;
}

export async function openModelFolder(folder: string): Promise<ModelFolder> {
  const names = await listFolder(folder);
  if (!names.includes('config.json')) {
    throw new LabError(
      'file-not-found',
      `${folder} has no config.json, so it is not a model folder. Choose the folder that holds it.`,
      { folder },
    );
  }
  const configText = await readJsonText(path.join(folder, 'config.json'));
  const config = parseJson(configText, path.join(folder, 'config.json'));
  const files = new Map<string, SafetensorsFile>();
  try {
    for (const file of await weightFiles(folder, names))
      files.set(file, await openSafetensors(path.join(folder, file)));
    const tensors = new Map([...files.values()].flatMap((file) => [...file.tensors]));
    await checkIndex(folder, names, tensors);
    const owners = new Map(
      [...files.values()].flatMap((file) => [...file.tensors.keys()].map((name) => [name, file] as const)),
    );
    return {
      path: folder,
      config,
      endOfText: await readEndTokens(folder, names, config),
      tensors,
      fingerprint: await fingerprint(configText, files),
      totalBytes: [...tensors.values()].reduce((sum, { byteLength }) => sum + byteLength, 0),
      readFloat32: (name) => {
        const owner = owners.get(name);
        if (owner === undefined)
          throw new LabError('missing-tensor', `The model has no tensor "${name}".`, { tensor: name });
        return owner.readFloat32(name);
      },
      close: async () => {
        for (const file of files.values()) await file.close();
      },
    };
  } catch (error) {
    for (const file of files.values()) await file.close();
    throw error;
  }
}

async function listFolder(folder: string): Promise<string[]> {
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined) throw new LabError('file-not-found', `There is no folder ${folder}.`, { folder });
  if (!found.isDirectory()) {
    throw new LabError(
      'file-not-found',
      `${folder} is a file. Choose the folder that holds the model's config.json.`,
      { folder },
    );
  }
  return readdir(folder);
}

async function weightFiles(folder: string, names: readonly string[]): Promise<string[]> {
  if (names.includes('model.safetensors')) return ['model.safetensors'];
  if (names.includes('model.safetensors.index.json')) {
    const shards = [...new Set(Object.values(await readIndex(folder)))];
    for (const shard of shards) {
      if (path.basename(shard) !== shard) {
        throw new LabError(
          'unsafe-file',
          `The index of ${folder} names "${shard}", a file outside the model's folder.`,
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
    return shards;
  }
  const pickle = names.find((name) => PICKLED.includes(path.extname(name)));
  if (pickle !== undefined) {
    throw new LabError(
      'unsafe-file',
      `${folder} has its weights as ${pickle}, a pickle: opening it could run any program on your computer. Get the model as safetensors, or convert it.`,
      { file: pickle },
    );
  }
  throw new LabError('file-not-found', `${folder} holds no weights: there is no model.safetensors.`, {
    folder,
  });
}

async function readIndex(folder: string): Promise<Record<string, string>> {
  const file = path.join(folder, 'model.safetensors.index.json');
  const index = indexSchema.safeParse(parseJson(await readJsonText(file), file));
  if (!index.success)
    throw new LabError('bad-config', `${file} does not tell which file holds which tensor.`, { file });
  return index.data.weight_map;
}

async function checkIndex(
  folder: string,
  names: readonly string[],
  tensors: ReadonlyMap<string, TensorEntry>,
): Promise<void> {
  if (names.includes('model.safetensors')) return;
  for (const [name, shard] of Object.entries(await readIndex(folder))) {
    if (!tensors.has(name)) {
      throw new LabError(
        'missing-tensor',
        `The index says that ${shard} holds "${name}", but it does not. Download it again.`,
        { tensor: name, shard },
      );
    }
  }
}

async function readEndTokens(folder: string, names: readonly string[], config: unknown): Promise<number[]> {
  const file = path.join(folder, 'generation_config.json');
  const sources = names.includes('generation_config.json')
    ? [parseJson(await readJsonText(file), file), config]
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

async function readJsonText(file: string): Promise<string> {
  const { size } = await stat(file);
  if (size > MAX_JSON_BYTES)
    throw new LabError('bad-config', `${file} is too large to be what its name says.`, { file, size });
  return readFile(file, 'utf8');
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
