/** The lab as a whole: it opens a data folder and answers the contract, whoever asks and by whatever way. */
import { z } from 'zod';
import type { LabContract } from '../../src-preload/contract/lab-contract.ts';
import type { Answers } from '../../src-preload/contract/server.ts';
import {
  type Arm,
  type ArmTexts,
  armTextsSchema,
  previewSchema,
  type Settings,
  settingsSchema,
} from '../../src-preload/contract/shapes.ts';
import { GREEDY } from '../engine/generation/decoding.ts';
import { RECIPES } from '../engine/training/recipe.ts';
import { type Connection, openDatabase } from '../store/database.ts';
import { PathStore, SettingsStore } from '../store/library-store.ts';
import { RunStore } from '../store/run-store.ts';
import { Changes } from './changes.ts';
import { type DataFolder, openDataFolder } from './data-folder.ts';
import { listFolder } from './folders.ts';
import type { Job } from './jobs/job.ts';
import { type StartEngine, Supervisor } from './jobs/supervisor.ts';
import { Library } from './library.ts';
import { Runs } from './runs.ts';

export interface LabOptions {
  readonly dataFolder: string;
  readonly resources: string;
  readonly startEngine: StartEngine;
  /** Folders that may be looked into for models and texts. */
  readonly roots: readonly string[];
  readonly version: string;
}

const DEFAULT_SETTINGS: Settings = { theme: 'system' };
const resultSchema = z.object({ arms: z.array(armTextsSchema) });

export class Lab {
  readonly answers: Answers<LabContract>;
  readonly #folder: DataFolder;
  readonly #database: Connection;
  readonly #supervisor: Supervisor;
  readonly #runs: Runs;

  /** @throws LabError 'store-in-use', 'store-damaged', 'store-too-new' */
  static async open(options: LabOptions): Promise<Lab> {
    const folder = openDataFolder(options.dataFolder);
    try {
      const lab = new Lab(options, folder, openDatabase(folder.database));
      await lab.#runs.recover();
      return lab;
    } catch (error) {
      folder.release();
      throw error;
    }
  }

  private constructor(options: LabOptions, folder: DataFolder, database: Connection) {
    this.#folder = folder;
    this.#database = database;
    this.#supervisor = new Supervisor(options.startEngine);
    this.#runs = new Runs(new RunStore(database), this.#supervisor, folder.runs);
    this.answers = this.#answer(options);
  }

  /** Runs keep a checkpoint and can go on at the next start. */
  async close(): Promise<void> {
    await this.#supervisor.close();
    this.#database.close();
    this.#folder.release();
  }

  #answer({ resources, roots, version }: LabOptions): Answers<LabContract> {
    const runs = this.#runs;
    const settings = new SettingsStore(this.#database);
    const settingsChanges = new Changes();
    const library = new Library(
      new PathStore(this.#database, 'models'),
      new PathStore(this.#database, 'texts'),
      resources,
    );
    return {
      about: async () => ({ version, dataFolder: this.#folder.path, beginnings: await library.beginnings() }),

      'models.list': () => library.models(),
      'models.add': ({ folder }) => library.addModel(folder),
      'models.remove': ({ folder }) => library.removeModel(folder),

      'texts.list': () => library.texts(),
      'texts.add': ({ file }) => library.addText(file),
      'texts.remove': ({ file }) => library.removeText(file),

      'texts.preview': async ({ modelFolder, dataFile, recipe }, signal) => {
        const request = { kind: 'preview', model: modelFolder, data: dataFile, recipe } as const;
        const job = this.#supervisor.submit(request);
        signal.addEventListener('abort', () => job.stop());
        return previewSchema.parse(await job.done);
      },

      'recipes.list': () => RECIPES.map((recipe) => ({ ...recipe, labDefaults: [...recipe.labDefaults] })),

      runs: { read: () => runs.list(), subscribe: (listener) => runs.changes.subscribe(listener) },
      'runs.start': (request) => ({ run: runs.start(request) }),
      'runs.pause': ({ run }) => runs.pause(run),
      'runs.resume': ({ run }) => runs.resume(run),
      'runs.remove': ({ run }) => runs.remove(run),
      'runs.follow': ({ run, afterStep, afterEpoch }, signal) =>
        runs.follow(run, { step: afterStep, epoch: afterEpoch }, signal),

      'texts.write': (request, signal) => this.#write(request, signal),

      jobs: {
        read: () => this.#supervisor.status(),
        subscribe: (listener) => this.#supervisor.subscribe(listener),
      },
      'folders.list': ({ folder }) => listFolder([...roots, resources], folder),
      settings: {
        read: () => settings.read('settings', settingsSchema) ?? DEFAULT_SETTINGS,
        subscribe: (listener) => settingsChanges.subscribe(listener),
        write: (value) => {
          settings.write('settings', value);
          settingsChanges.tell();
        },
      },
    };
  }

  /** The texts of all arms, with progress on the way. */
  async *#write(
    { arms, prompts, maxNewTokens }: { arms: Arm[]; prompts: string[]; maxNewTokens: number },
    signal: AbortSignal,
  ): AsyncGenerator<{ share: number; arms: ArmTexts[] | null }> {
    const changes = new Changes();
    let share = 0;
    const request: Job = {
      kind: 'compare',
      arms: arms.map((arm) => this.#resolveArm(arm)),
      ...{ prompts, maxNewTokens },
      ...{ seed: 1, runtime: 'cpu', atEnd: 'forbid' },
    };
    const job = this.#supervisor.submit(request, {
      onEvent: (event) => {
        if (event.kind === 'writing') share = event.share;
        changes.tell();
      },
    });
    let result: unknown;
    const ended = job.done.then((value) => {
      result = value;
    });
    ended.catch(() => {});
    signal.addEventListener('abort', () => job.stop());
    for (;;) {
      const outcome = await Promise.race([ended.then(() => 'ended'), changes.next(signal)]);
      if (signal.aborted) return;
      if (outcome === 'ended') break;
      yield { share, arms: null };
    }
    yield { share: 1, arms: resultSchema.parse(result).arms };
  }

  #resolveArm({ name, modelFolder, run }: Arm) {
    const made = run === null ? undefined : this.#runs.result(run);
    return { name, model: made?.model ?? modelFolder, adapter: made?.adapter ?? null, decoding: GREEDY };
  }
}
