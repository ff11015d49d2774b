/** The lab itself: what it is, what it computes just now, how it is set, and the folders that it may look into. */
import { z } from 'zod';
import { rpc, signal, writableSignal } from '../endpoint.ts';
import { bytes, nothing } from './common.ts';

export const jobSchema = z.object({
  id: z.number().int(),
  /** As the lab calls it: "hyperfit", "write", "preview" … */
  kind: z.string(),
  state: z.enum(['waiting', 'running']),
  memoryBytes: bytes.nullable(),
  /** Nothing was heard of its process for a while. */
  silent: z.boolean(),
});
export type Job = z.infer<typeof jobSchema>;

/** What large products of matrices are computed in; "bfloat16" rounds. */
export const productsSchema = z.enum(['float32', 'bfloat16']);

/** What a person may set. Every field has a default, so what an older lab has stored can still be read. */
export const settingsSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  /** What computes; "auto" is what the speed test found fastest, and the processor before there was one. */
  runtime: z.enum(['auto', 'cpu', 'webgpu', 'tensorflow']).default('auto'),
  /** Of the processor, for each engine; null: as many as it has cores. */
  threads: z.int().min(1).max(256).nullable().default(null),
  /** Of TensorFlow when it trains. */
  products: productsSchema.default('float32'),
  /** The computer does not go to sleep while a run is computed. */
  keepAwake: z.boolean().default(true),
  /** The system tells when a run has ended. */
  notifyWhenDone: z.boolean().default(true),
});
export type Settings = z.infer<typeof settingsSchema>;

/** What the lab and its engines have connected to outside this computer since the lab was opened. */
export const privacySchema = z.object({
  connections: z.number().int().nonnegative(),
  /** What the last of them went to. */
  lastHost: z.string().nullable(),
});
export type Privacy = z.infer<typeof privacySchema>;

/** The computer that the lab runs on. */
export const machineSchema = z.object({
  /** "linux 6.1 (x64)". */
  system: z.string(),
  processor: z.string(),
  /** Real ones; null where the system does not tell. */
  cores: z.number().int().positive().nullable(),
  /** That compute at once. */
  threads: z.number().int().positive(),
  /** Vector instructions, as far as they are known: "AVX2". */
  instructions: z.array(z.string()),
  memoryBytes: bytes,
  /** Where the lab may have less than there is, as in a container. */
  memoryLimitBytes: bytes.nullable(),
  /** Names of graphics cards, as far as the system tells them. */
  graphics: z.array(z.string()),
});
export type Machine = z.infer<typeof machineSchema>;

export const folderListSchema = z.object({
  folder: z.string(),
  /** Null at a root. */
  parent: z.string().nullable(),
  entries: z.array(
    z.object({ name: z.string(), path: z.string(), isFolder: z.boolean(), isModel: z.boolean() }),
  ),
});
export type FolderList = z.infer<typeof folderListSchema>;

export const systemContract = {
  about: rpc(
    nothing,
    z.object({ version: z.string(), dataFolder: z.string(), beginnings: z.array(z.string()) }),
  ),
  machine: rpc(nothing, machineSchema),
  /** The licences of all that is inside, as one text. */
  licences: rpc(nothing, z.object({ text: z.string() })),
  privacy: signal(privacySchema),
  /** What is being computed, and what waits for it. */
  jobs: signal(z.array(jobSchema)),
  /** Folders below those that the lab may look into, for choosing models and texts where there is no dialog. */
  'folders.list': rpc(z.object({ folder: z.string().nullable() }), folderListSchema),
  settings: writableSignal(settingsSchema),
};
