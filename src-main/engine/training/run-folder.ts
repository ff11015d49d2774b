/**
 * A run on disk. `run.json` says what was asked for and never changes; `steps.jsonl` and `epochs.jsonl` grow; its states lie
 * in `checkpoints/` and `kept/` (checkpoints.ts); `adapter/` or `model/` is the result. A status is not stored: it follows
 * from what is there. Lines that were written after the last checkpoint are cut off when the run is resumed, and then come
 * again with the same numbers.
 */
import { appendFile, mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { LabError } from '../errors.ts';
import { diskErrors, writeFileDurably } from '../formats/durable-files.ts';
import { folderBytes } from '../formats/folder-bytes.ts';
import { parseJson } from '../formats/parse-json.ts';
import { PRODUCTS } from '../runtimes/runtime.ts';
import { textColumnsSchema } from '../text/documents/columns.ts';
import { Checkpoints, type Position } from './checkpoints.ts';
import { recipeSchema } from './recipe.ts';
import { type EpochRecord, epochSchema, predictedSchema, type StepRecord, stepSchema } from './records.ts';

export const runSchema = z.object({
  version: z.literal(1),
  created: z.string(),
  model: z.string(),
  /** Of the model's files when the run began: see formats/model-folder.ts. */
  fingerprint: z.string(),
  data: z.string(),
  /** Of the text; not said where their names told. */
  columns: textColumnsSchema.optional(),
  /** SHA-256 of the token windows: training and held-out. */
  windowsHash: z.string(),
  runtime: z.string(),
  /** Of the processor; not said where all its cores compute. Sums round differently with another number. */
  threads: z.int().positive().optional(),
  /** What large products were computed in; not said where that is float32. */
  products: z.enum(PRODUCTS).optional(),
  recipeName: z.string().nullable(),
  recipe: recipeSchema,
  /** Not there where a run began before there was this field. */
  predicted: predictedSchema.optional(),
});
export type RunConfiguration = z.infer<typeof runSchema>;

export class RunFolder {
  readonly path: string;
  readonly configuration: RunConfiguration;
  readonly checkpoints: Checkpoints;
  #largestBytes = 0;

  private constructor(folder: string, configuration: RunConfiguration) {
    this.path = folder;
    this.configuration = configuration;
    this.checkpoints = new Checkpoints(folder, () => this.measure());
  }

  /** Refuses a folder that holds anything, but for a run.json that a crash left half written. */
  static async checkFree(folder: string): Promise<void> {
    const present = (await readdir(folder).catch((): string[] => [])).filter(
      (name) => name !== 'run.json.tmp',
    );
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

  /** Room that the folder took at its largest, as far as it was measured since it was opened. */
  get largestBytes(): number {
    return this.#largestBytes;
  }

  async measure(): Promise<void> {
    this.#largestBytes = Math.max(this.#largestBytes, await folderBytes(this.path));
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
  async rewindTo({ step, epoch }: Position): Promise<void> {
    const steps = (await this.readSteps()).filter((record) => record.step <= step);
    const epochs = (await this.readEpochs()).filter((record) => record.epoch <= epoch && step > 0);
    await writeFileDurably(this.file('steps.jsonl'), toLines(steps));
    await writeFileDurably(this.file('epochs.jsonl'), toLines(epochs));
  }

  async #append(name: string, record: unknown): Promise<void> {
    const file = this.file(name);
    await diskErrors(file, () => appendFile(file, `${JSON.stringify(record)}\n`));
  }

  async #readLines<Schema extends z.ZodType>(name: string, schema: Schema): Promise<z.infer<Schema>[]> {
    const text = await readFile(this.file(name), 'utf8').catch(() => '');
    // Only what ends with a line break was written whole.
    const lines = text.split('\n').slice(0, -1);
    return lines.map((line, index) => {
      const parsed = schema.safeParse(parseJson(line));
      if (parsed.success) return parsed.data;
      throw new LabError(
        'bad-checkpoint',
        `Line ${index + 1} of ${this.file(name)} is damaged: what this run has recorded cannot be read.`,
        { folder: this.path, file: name, line: index + 1 },
      );
    });
  }
}

function toLines(records: readonly unknown[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}
