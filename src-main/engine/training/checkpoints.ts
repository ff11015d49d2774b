/**
 * The states of a run on disk: in `checkpoints/` the last one, to resume from; in `kept/` those that stay, each an adapter or
 * a model of its own. A state is a folder that appears whole: it is written under another name, synced and renamed; its
 * state.json holds the hashes of its files, which are checked before they are trusted.
 */
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { LabError } from '../errors.ts';
import { commitFolder, diskErrors, hashFile, writeFileDurably } from '../formats/durable-files.ts';
import { parseJson } from '../formats/parse-json.ts';
import { openSafetensors, writeSafetensors } from '../formats/safetensors.ts';
import type { Shape } from '../graph/value.ts';

/** The files of a checkpoint. */
const PARTS = ['trainables', 'firstMoments', 'secondMoments'] as const;

const ENDING = '.safetensors';

const stateSchema = z.object({
  /** Updates made. */
  step: z.number().int().nonnegative(),
  /** Epochs finished. */
  epoch: z.number().int().nonnegative(),
  /** SHA-256 of each file with tensors, by its name without the ending. */
  sha256: z.record(z.string(), z.string()),
});

/** Where a run stands: updates made, epochs finished. */
export type Position = Pick<z.infer<typeof stateSchema>, 'step' | 'epoch'>;

/** Everything that training goes on from; epochs are shuffled by seed and number, so no state of chance is needed. */
export interface Checkpoint extends Position {
  readonly trainables: ReadonlyMap<string, Float32Array>;
  readonly firstMoments: ReadonlyMap<string, Float32Array>;
  readonly secondMoments: ReadonlyMap<string, Float32Array>;
}

/** A checkpoint before it is written: who gives each tensor's numbers when their turn comes. */
export type UnwrittenCheckpoint = Position &
  Readonly<Record<(typeof PARTS)[number], ReadonlyMap<string, () => Promise<Float32Array>>>>;

/** A checkpoint as files. */
export const checkpointFilesSchema = stateSchema.extend({
  /** It stays, as an adapter or a model of its own. */
  kept: z.boolean(),
  /** Within the run's folder. */
  folder: z.string(),
  /** Of its tensors. */
  bytes: z.number().nonnegative(),
});
export type CheckpointFiles = z.infer<typeof checkpointFilesSchema>;

type Kind = 'checkpoints' | 'kept';

const NAME = /^step-(\d+)-epoch-(\d+)$/;

function nameOf({ step, epoch }: Position): string {
  return `step-${String(step).padStart(8, '0')}-epoch-${String(epoch).padStart(4, '0')}`;
}

export class Checkpoints {
  readonly #run: string;
  readonly #onFullest: () => Promise<void>;

  /**
   * @param run the run's folder
   * @param onFullest awaited when a checkpoint is written and the one before is still there
   */
  constructor(run: string, onFullest: () => Promise<void>) {
    this.#run = run;
    this.#onFullest = onFullest;
  }

  /** Writes a checkpoint, a tensor at a time, and removes the one before. Undefined where it is there already. */
  async save(
    checkpoint: UnwrittenCheckpoint,
    shapes: ReadonlyMap<string, Shape>,
  ): Promise<CheckpointFiles | undefined> {
    const present = await this.#names('checkpoints');
    if (present.includes(nameOf(checkpoint))) return undefined;
    const saved = await this.#commit('checkpoints', checkpoint, async (folder) => {
      for (const part of PARTS) {
        const tensors = [...checkpoint[part]].map(([name, data]) => ({
          name,
          shape: shapes.get(name)!,
          data,
        }));
        await writeSafetensors(path.join(folder, part + ENDING), tensors);
      }
    });
    await this.#onFullest();
    for (const other of present)
      await rm(this.#place('checkpoints', other), { recursive: true, force: true });
    return saved;
  }

  /**
   * Keeps a state for good, if it is not kept already.
   * @param write puts an adapter's or a model's files into a folder
   */
  async keep(state: Position, write: (folder: string) => Promise<unknown>): Promise<CheckpointFiles> {
    const name = nameOf(state);
    if ((await this.#names('kept')).includes(name)) return this.#describe('kept', name);
    return this.#commit('kept', state, write);
  }

  /** All that are whole: kept ones in their order, then the one to resume from. */
  async list(): Promise<CheckpointFiles[]> {
    const [kept, resumable] = await Promise.all([this.#names('kept'), this.#names('checkpoints')]);
    return Promise.all([
      ...kept.map((name) => this.#describe('kept', name)),
      ...resumable.slice(-1).map((name) => this.#describe('checkpoints', name)),
    ]);
  }

  /** Where the one to resume from stands, by its name alone; undefined before the first. */
  async last(): Promise<Position | undefined> {
    const [, step, epoch] = NAME.exec((await this.#names('checkpoints')).at(-1) ?? '') ?? [];
    return step === undefined ? undefined : { step: Number(step), epoch: Number(epoch) };
  }

  /**
   * The one to resume from, or undefined before the first.
   * @throws LabError 'bad-checkpoint' where it is not as it was written
   */
  async load(): Promise<Checkpoint | undefined> {
    const newest = (await this.#names('checkpoints')).at(-1);
    if (newest === undefined) return undefined;
    const folder = this.#place('checkpoints', newest);
    const { step, epoch, sha256 } = await readState(folder);
    const isWhole = PARTS.every((part) => sha256[part] !== undefined);
    if (!isWhole || !(await isAsWritten(folder, sha256))) refuse(folder);
    const read = (part: (typeof PARTS)[number]) => readAll(path.join(folder, part + ENDING));
    return {
      step,
      epoch,
      trainables: await read('trainables'),
      firstMoments: await read('firstMoments'),
      secondMoments: await read('secondMoments'),
    };
  }

  /** Removes what a crash left half written. */
  async sweep(): Promise<void> {
    for (const kind of ['checkpoints', 'kept'] as const) {
      for (const name of (await this.#entries(kind)).filter((entry) => entry.endsWith('.tmp')))
        await rm(this.#place(kind, name), { recursive: true, force: true });
    }
  }

  /** Fills a folder under another name, and renames it when all of it is on the disk. */
  async #commit(
    kind: Kind,
    { step, epoch }: Position,
    fill: (folder: string) => Promise<unknown>,
  ): Promise<CheckpointFiles> {
    const name = nameOf({ step, epoch });
    const temporary = this.#place(kind, `${name}.tmp`);
    await diskErrors(temporary, async () => {
      await rm(temporary, { recursive: true, force: true });
      await mkdir(temporary, { recursive: true });
    });
    try {
      await fill(temporary);
      const sha256: Record<string, string> = {};
      for (const file of await tensorFiles(temporary))
        sha256[path.basename(file, ENDING)] = await hashFile(file);
      const state: z.input<typeof stateSchema> = { step, epoch, sha256 };
      await writeFileDurably(path.join(temporary, 'state.json'), JSON.stringify(state));
      await commitFolder(temporary, this.#place(kind, name));
    } catch (error) {
      await rm(temporary, { recursive: true, force: true });
      throw error;
    }
    return this.#describe(kind, name);
  }

  async #describe(kind: Kind, name: string): Promise<CheckpointFiles> {
    const folder = this.#place(kind, name);
    const state = await readState(folder);
    const sizes = await Promise.all((await tensorFiles(folder)).map((file) => stat(file)));
    const bytes = sizes.reduce((sum, { size }) => sum + size, 0);
    return { ...state, kept: kind === 'kept', folder: path.join(kind, name), bytes };
  }

  /** Of whole ones, oldest first. */
  async #names(kind: Kind): Promise<string[]> {
    return (await this.#entries(kind)).filter((name) => NAME.test(name)).sort();
  }

  #entries(kind: Kind): Promise<string[]> {
    return readdir(this.#place(kind)).catch(() => []);
  }

  #place(kind: Kind, ...names: string[]): string {
    return path.join(this.#run, kind, ...names);
  }
}

/** Whether the tensors of a state's folder have the hashes that they were written with; false where a file is gone. */
export async function isAsWritten(folder: string, sha256: CheckpointFiles['sha256']): Promise<boolean> {
  for (const [name, hash] of Object.entries(sha256)) {
    if ((await hashFile(path.join(folder, name + ENDING)).catch(() => undefined)) !== hash) return false;
  }
  return true;
}

async function readState(folder: string): Promise<z.infer<typeof stateSchema>> {
  const text = await readFile(path.join(folder, 'state.json'), 'utf8').catch(() => '');
  const state = stateSchema.safeParse(parseJson(text));
  return state.success ? state.data : refuse(folder);
}

async function tensorFiles(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(ENDING));
  return names.sort().map((name) => path.join(folder, name));
}

function refuse(folder: string): never {
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
