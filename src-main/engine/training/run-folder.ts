/**
 * A run on disk. `run.json` says what was asked for and never changes; `steps.jsonl` and `epochs.jsonl` grow;
 * `checkpoints/` holds the last state to resume from; `adapter/` or `model/` is the result. A status is not stored: it
 * follows from what is there.
 *
 * A checkpoint is a folder that appears whole: it is written under another name, synced and renamed; its state.json holds
 * the hashes of its files, which are checked before it is trusted. Lines that were
 * written after the last checkpoint are cut off when the run is resumed, and then come again with the same numbers.
 */
import { appendFile, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { LabError } from '../errors.ts';
import { commitFolder, diskErrors, hashFile, writeFileDurably } from '../formats/durable-files.ts';
import { openSafetensors, writeSafetensors } from '../formats/safetensors.ts';
import type { Shape } from '../graph/value.ts';
import { recipeSchema } from './recipe.ts';
import { type EpochRecord, epochSchema, type StepRecord, stepSchema } from './records.ts';

export const runSchema = z.object({
  version: z.literal(1),
  created: z.string(),
  model: z.string(),
  /** Of the model's files when the run began: see formats/model-folder.ts. */
  fingerprint: z.string(),
  data: z.string(),
  /** SHA-256 of the token windows: training and held-out. */
  windowsHash: z.string(),
  runtime: z.string(),
  recipeName: z.string().nullable(),
  recipe: recipeSchema,
});
export type RunConfiguration = z.infer<typeof runSchema>;

/** The files of a checkpoint. */
const PARTS = ['trainables', 'firstMoments', 'secondMoments'] as const;

const stateSchema = z.object({
  step: z.number().int().nonnegative(),
  epoch: z.number().int().nonnegative(),
  /** SHA-256 of each part's file. */
  sha256: z.record(z.enum(PARTS), z.string()),
});

/** Everything that training goes on from; epochs are shuffled by seed and number, so no state of chance is needed. */
export interface Checkpoint {
  /** Updates made. */
  readonly step: number;
  /** Epochs finished. */
  readonly epoch: number;
  readonly trainables: ReadonlyMap<string, Float32Array>;
  readonly firstMoments: ReadonlyMap<string, Float32Array>;
  readonly secondMoments: ReadonlyMap<string, Float32Array>;
}

export class RunFolder {
  readonly path: string;
  readonly configuration: RunConfiguration;

  private constructor(folder: string, configuration: RunConfiguration) {
    this.path = folder;
    this.configuration = configuration;
  }

  /** Refuses a folder that holds anything. */
  static async checkFree(folder: string): Promise<void> {
    const present = await readdir(folder).catch((): string[] => []);
    if (present.length === 0) return;
    const holdsRun = present.includes('run.json');
    const what = holdsRun
      ? 'already holds a run. Choose another, or add --resume to go on with it'
      : 'is not empty. Choose another';
    throw new LabError('output-exists', `The output folder ${folder} ${what}.`, { folder, holdsRun });
  }

  static async create(folder: string, configuration: RunConfiguration): Promise<RunFolder> {
    await RunFolder.checkFree(folder);
    await diskErrors(folder, () => mkdir(folder, { recursive: true }));
    await writeFileDurably(path.join(folder, 'run.json'), `${JSON.stringify(configuration, null, 2)}\n`);
    return new RunFolder(folder, configuration);
  }

  /** Undefined where no run has been begun. */
  static async open(folder: string): Promise<RunFolder | undefined> {
    const text = await readFile(path.join(folder, 'run.json'), 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    const parsed = runSchema.safeParse(parseJson(text));
    if (!parsed.success) {
      throw new LabError(
        'bad-checkpoint',
        `The run in ${folder} cannot be read: its run.json is not one of this version.`,
        { folder },
      );
    }
    return new RunFolder(folder, parsed.data);
  }

  file(...names: string[]): string {
    return path.join(this.path, ...names);
  }

  async appendStep(record: StepRecord): Promise<void> {
    await this.#append('steps.jsonl', record);
  }

  async appendEpoch(record: EpochRecord): Promise<void> {
    await this.#append('epochs.jsonl', record);
  }

  readSteps(): Promise<StepRecord[]> {
    return this.#readLines('steps.jsonl', stepSchema);
  }

  readEpochs(): Promise<EpochRecord[]> {
    return this.#readLines('epochs.jsonl', epochSchema);
  }

  /** Drops what was recorded after a checkpoint, and a line that a crash cut short. */
  async rewindTo({ step, epoch }: Pick<Checkpoint, 'step' | 'epoch'>): Promise<void> {
    const steps = (await this.readSteps()).filter((record) => record.step <= step);
    const epochs = (await this.readEpochs()).filter((record) => record.epoch <= epoch && step > 0);
    await writeFileDurably(this.file('steps.jsonl'), toLines(steps));
    await writeFileDurably(this.file('epochs.jsonl'), toLines(epochs));
  }

  /**
   * Writes a checkpoint, if it is not there yet, and removes the one before.
   * @param keepWeights also leave the trained weights in `epochs/`, for good
   */
  async saveCheckpoint(
    checkpoint: Checkpoint,
    shapes: ReadonlyMap<string, Shape>,
    keepWeights: boolean,
  ): Promise<void> {
    const { step, epoch } = checkpoint;
    const name = `step-${String(step).padStart(8, '0')}-epoch-${String(epoch).padStart(4, '0')}`;
    const present = await this.#checkpoints();
    if (present.includes(name)) return;
    const temporary = this.file('checkpoints', `${name}.tmp`);
    const tensorsOf = (part: (typeof PARTS)[number]) =>
      [...checkpoint[part]].map(([key, data]) => ({ name: key, shape: shapes.get(key)!, data }));
    if (keepWeights) {
      await diskErrors(this.path, () => mkdir(this.file('epochs'), { recursive: true }));
      const kept = this.file('epochs', `epoch-${String(epoch).padStart(4, '0')}.safetensors`);
      await writeSafetensors(kept, tensorsOf('trainables'));
    }
    await diskErrors(temporary, async () => {
      await rm(temporary, { recursive: true, force: true });
      await mkdir(temporary, { recursive: true });
    });
    try {
      const sha256: Record<string, string> = {};
      for (const part of PARTS) {
        const file = path.join(temporary, `${part}.safetensors`);
        await writeSafetensors(file, tensorsOf(part));
        sha256[part] = await hashFile(file);
      }
      const state: z.input<typeof stateSchema> = stateSchema.parse({ step, epoch, sha256 });
      await writeFileDurably(path.join(temporary, 'state.json'), JSON.stringify(state));
      await commitFolder(temporary, this.file('checkpoints', name));
    } catch (error) {
      await rm(temporary, { recursive: true, force: true });
      throw error;
    }
    for (const other of present) await rm(this.file('checkpoints', other), { recursive: true, force: true });
  }

  /** Where the newest checkpoint stands, by its name alone. */
  async lastCheckpoint(): Promise<Pick<Checkpoint, 'step' | 'epoch'> | undefined> {
    const [, step, epoch] = /^step-(\d+)-epoch-(\d+)$/.exec((await this.#checkpoints()).at(-1) ?? '') ?? [];
    return step === undefined ? undefined : { step: Number(step), epoch: Number(epoch) };
  }

  /** The newest checkpoint, or undefined before the first. Leftovers of a crash are swept away. */
  async loadCheckpoint(): Promise<Checkpoint | undefined> {
    for (const leftover of (await this.#listCheckpoints()).filter((name) => name.endsWith('.tmp'))) {
      await rm(this.file('checkpoints', leftover), { recursive: true, force: true });
    }
    const newest = (await this.#checkpoints()).at(-1);
    if (newest === undefined) return undefined;
    const folder = this.file('checkpoints', newest);
    const text = await readFile(path.join(folder, 'state.json'), 'utf8').catch(() => '');
    const state = stateSchema.safeParse(parseJson(text));
    if (!state.success) refuseCheckpoint(folder);
    const { step, epoch, sha256 } = state.data;
    const read = async (part: (typeof PARTS)[number]): Promise<ReadonlyMap<string, Float32Array>> => {
      const file = path.join(folder, `${part}.safetensors`);
      const hash = await hashFile(file).catch(() => undefined);
      if (hash !== sha256[part]) refuseCheckpoint(folder);
      return readAll(file);
    };
    return {
      step,
      epoch,
      trainables: await read('trainables'),
      firstMoments: await read('firstMoments'),
      secondMoments: await read('secondMoments'),
    };
  }

  /** Names of whole checkpoints, oldest first. */
  async #checkpoints(): Promise<string[]> {
    return (await this.#listCheckpoints()).filter((name) => /^step-\d+-epoch-\d+$/.test(name)).sort();
  }

  async #listCheckpoints(): Promise<string[]> {
    return readdir(this.file('checkpoints')).catch(() => []);
  }

  async #append(name: string, record: unknown): Promise<void> {
    const file = this.file(name);
    await diskErrors(file, () => appendFile(file, `${JSON.stringify(record)}\n`));
  }

  async #readLines<Schema extends z.ZodType>(name: string, schema: Schema): Promise<z.infer<Schema>[]> {
    const text = await readFile(this.file(name), 'utf8').catch(() => '');
    // Only what ends with a line break was written whole.
    const lines = text.split('\n').slice(0, -1);
    return lines.map((line) => schema.parse(parseJson(line)));
  }
}

function refuseCheckpoint(folder: string): never {
  throw new LabError(
    'bad-checkpoint',
    `The checkpoint ${folder} is damaged and cannot be resumed. Begin a new run in another folder.`,
    { folder },
  );
}

async function readAll(file: string): Promise<ReadonlyMap<string, Float32Array>> {
  const opened = await openSafetensors(file);
  const result = new Map<string, Float32Array>();
  for (const name of opened.tensors.keys()) result.set(name, await opened.readFloat32(name));
  await opened.close();
  return result;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toLines(records: readonly unknown[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}
