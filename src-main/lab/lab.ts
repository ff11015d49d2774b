/** The lab as a whole: it opens a data folder and answers the contract, whoever asks and by whatever way. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { systemContract } from '../../src-preload/contract/endpoints/system.ts';
import type { LabContract } from '../../src-preload/contract/lab-contract.ts';
import { type Answers, subscribeToAll } from '../../src-preload/contract/server.ts';
import { LabError } from '../engine/errors.ts';
import { RECIPES } from '../engine/training/recipe.ts';
import { ComparisonStore } from '../store/comparison-store.ts';
import { type Connection, openDatabase } from '../store/database.ts';
import { ExperimentStore } from '../store/experiment-store.ts';
import { PathStore, SettingsStore } from '../store/library-store.ts';
import { RunStore } from '../store/run-store.ts';
import { VoteStore } from '../store/vote-store.ts';
import { Comparisons } from './comparison/comparisons.ts';
import { describeMachine } from './computer/machine.ts';
import { threadsToTry } from './computer/processor.ts';
import { type DataFolder, openDataFolder } from './data-folder.ts';
import { answerDesktop, type Desktop } from './desktop.ts';
import { Experiments } from './experiments/experiments.ts';
import type { Surroundings } from './experiments/place-request.ts';
import { listFolder } from './folders/folders.ts';
import type { StartEngineWith } from './jobs/engine.ts';
import { Supervisor } from './jobs/supervisor.ts';
import { cacheFolder } from './models/hugging-face-cache.ts';
import { Models, modelDetailsSchema } from './models/models.ts';
import { describeDataFolder, type MoveProgress, moveDataFolder } from './move-data-folder.ts';
import { Packs } from './packs/packs.ts';
import { PACKS_VARIABLE, packPlaces } from './packs/places.ts';
import { freeNow } from './plans/free.ts';
import { Plans } from './plans/plans.ts';
import { PrivacyCounter } from './privacy/privacy.ts';
import { resolveJob } from './resolve-job.ts';
import { Runs } from './runs/runs.ts';
import { type Computing, chooseRuntime, computingFor, trainingComputingFor } from './settings/computing.ts';
import { SettingsSource } from './settings/settings.ts';
import { SpeedTest } from './speed/speed-test.ts';
import { Texts, textDetailsSchema } from './texts/texts.ts';

export interface LabOptions {
  readonly dataFolder: string;
  readonly resources: string;
  readonly startEngine: StartEngineWith;
  /** Folders that may be looked into for models and texts. */
  readonly roots: readonly string[];
  readonly version: string;
  /** The data is in another folder now: this lab is to be closed, and opened anew where it was opened. */
  readonly onMoved?: () => void;
  /** Where the lab has a window of its own. */
  readonly desktop?: Desktop;
}

export class Lab {
  readonly answers: Answers<LabContract>;
  readonly #folder: DataFolder;
  readonly #database: Connection;
  readonly #supervisor: Supervisor;
  readonly #runs: Runs;
  readonly #comparisons: Comparisons;
  readonly #packs: Packs;
  readonly #experiments: Experiments;
  readonly #privacy = new PrivacyCounter();

  /** @throws LabError as openDataFolder and openDatabase do */
  static async open(options: LabOptions): Promise<Lab> {
    const folder = openDataFolder(options.dataFolder);
    let database: Connection | undefined;
    try {
      database = openDatabase(folder.database);
      const lab = new Lab(options, folder, database);
      await lab.#packs.refresh();
      await lab.#runs.recover();
      return lab;
    } catch (error) {
      database?.close();
      folder.release();
      throw error;
    }
  }

  private constructor(options: LabOptions, folder: DataFolder, database: Connection) {
    const { resources, startEngine } = options;
    this.#folder = folder;
    this.#database = database;
    const modelStore = new PathStore(database, 'models', modelDetailsSchema);
    const textStore = new PathStore(database, 'texts', textDetailsSchema);
    const places = packPlaces(folder.path);
    this.#packs = new Packs({ places, resources });
    const startWithPacks = () => startEngine({ [PACKS_VARIABLE]: places.packs });
    this.#supervisor = new Supervisor(this.#privacy.watchEngines(startWithPacks), {
      prepare: (job) => resolveJob(job, modelStore, textStore),
    });
    const settingsStore = new SettingsStore(database);
    const settings = new SettingsSource(settingsStore);
    const packInUse = () => this.#packs.read().inUse;
    const speed = new SpeedTest({
      supervisor: this.#supervisor,
      store: settingsStore,
      threadCounts: async () => {
        const { threads } = settings.read();
        return threads === null ? threadsToTry() : [threads];
      },
      packInUse,
      whereIsModel: (folder) => modelStore.whereIs(folder),
    });
    const choice = () => chooseRuntime(settings.read(), speed.report(), packInUse() !== null);
    const computing = (): Computing => computingFor(settings.read(), choice(), speed.report());
    const trainingComputing = () => trainingComputingFor(settings.read(), computing());
    this.#runs = new Runs(new RunStore(database), this.#supervisor, folder.runs, trainingComputing);
    const texts = new Texts(textStore, this.#supervisor, resources);
    const surroundings: Surroundings = {
      asked: (run) => this.#runs.asked(run),
      learned: (run, step) => this.#runs.learned(run, step),
      whereIsModel: (place) => modelStore.whereIs(place),
      whereIsText: (file) => textStore.whereIs(file),
      columnsOf: (file) => textStore.detailsOf(file)?.columns ?? undefined,
      beginnings: () => texts.beginnings(),
    };
    this.#comparisons = new Comparisons({
      store: new ComparisonStore(database),
      votes: new VoteStore(database),
      supervisor: this.#supervisor,
      surroundings,
      computing,
    });
    this.#experiments = new Experiments({
      store: new ExperimentStore(database),
      supervisor: this.#supervisor,
      surroundings,
      folder: folder.experiments,
      computing,
      version: options.version,
    });
    this.answers = {
      ...this.#answerSystem(options, texts, settings),
      ...speed.answers,
      ...this.#packs.answers,
      computing: {
        read: () => ({ ...choice(), ...computing() }),
        subscribe: (listener) => subscribeToAll([settings, speed.answers.speed, this.#packs], listener),
      },
      ...new Models(modelStore, resources, cacheFolder()).answers,
      ...texts.answers,
      'recipes.list': () => RECIPES.map((recipe) => ({ ...recipe, labDefaults: [...recipe.labDefaults] })),
      ...new Plans({
        supervisor: this.#supervisor,
        settings: settingsStore,
        free: () => freeNow(folder.runs),
        computing: trainingComputing,
        report: () => speed.report(),
      }).answers,
      ...this.#runs.answers,
      ...this.#comparisons.answers,
      ...this.#experiments.answers,
      'dataFolder.describe': async () => ({
        folder: folder.path,
        bytes: await describeDataFolder(folder),
      }),
      'dataFolder.move': (request, signal) => this.#move(request, signal, options.onMoved),
      ...answerDesktop(options.desktop),
    };
  }

  /** Where its data is now. */
  get dataFolder(): string {
    return this.#folder.path;
  }

  /** Runs keep a checkpoint and can go on at the next start; comparisons keep what is written. */
  async close(): Promise<void> {
    await Promise.all([this.#packs.close(), this.#comparisons.close(), this.#experiments.close()]);
    await this.#supervisor.close();
    await this.#runs.close();
    this.#privacy.close();
    this.#database.close();
    this.#folder.release();
  }

  async *#move(
    request: { readonly to: string; readonly removeOld: boolean },
    signal: AbortSignal,
    onMoved: LabOptions['onMoved'],
  ): AsyncGenerator<MoveProgress> {
    const checkQuiet = () => this.#checkQuiet();
    const [from, database] = [this.#folder, this.#database];
    await this.#supervisor.releaseFiles();
    for await (const progress of moveDataFolder({ ...request, from, database, checkQuiet, signal })) {
      // Told first: nobody may hear the last packet any more.
      if (progress.phase === 'done') setImmediate(() => onMoved?.());
      yield progress;
    }
  }

  #checkQuiet(): void {
    if (this.#supervisor.status().length === 0) return;
    throw new LabError(
      'bad-argument',
      'Something is being computed in the data folder. Pause the run, or wait until the texts are written, and try again.',
    );
  }

  #answerSystem(
    { resources, roots, version }: LabOptions,
    texts: Texts,
    settings: SettingsSource,
  ): Answers<typeof systemContract> {
    return {
      about: async () => ({ version, dataFolder: this.#folder.path, beginnings: await texts.beginnings() }),
      jobs: {
        read: () => this.#supervisor.status(),
        subscribe: (listener) => this.#supervisor.subscribe(listener),
      },
      'folders.list': ({ folder }) => listFolder([...roots, resources], folder),
      settings,
      privacy: this.#privacy,
      machine: describeMachine,
      licences: async () => ({ text: await readFile(path.join(resources, 'licences.txt'), 'utf8') }),
    };
  }
}
