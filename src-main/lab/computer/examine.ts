/**
 * Looks at this computer as the lab would use it. Runtimes are measured in processes of their own, as the speed test does:
 * one that takes its process down is a fact like another.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import {
  type RuntimeChoice,
  runtimeSchema,
  type SpeedReport,
  speedReportSchema,
} from '../../../src-preload/contract/endpoints/speed.ts';
import { type Settings, settingsSchema } from '../../../src-preload/contract/endpoints/system.ts';
import { LabError } from '../../engine/errors.ts';
import { SettingsStore } from '../../store/library-store.ts';
import { DATABASE, placeOf } from '../data-folder.ts';
import type { StartEngineWith } from '../jobs/engine.ts';
import { Supervisor } from '../jobs/supervisor.ts';
import { Packs } from '../packs/packs.ts';
import { PACKS_VARIABLE, packPlaces } from '../packs/places.ts';
import { freeNow } from '../plans/free.ts';
import { chooseRuntime, computingFor, trainingComputingFor } from '../settings/computing.ts';
import { measureDisk } from './disk-speed.ts';
import type { Facts, RuntimeFacts } from './facts.ts';
import { describeMachine } from './machine.ts';
import { busyShare } from './processor.ts';

export interface ExamineOptions {
  readonly version: string;
  /** Where the lab keeps its things, or kept them before they were moved. It need not be there. */
  readonly home: string;
  readonly resources: string;
  readonly startEngine: StartEngineWith;
  /** What a person wants to compute with, whatever Settings say. */
  readonly runtime?: RuntimeChoice | undefined;
  /** Measures nothing: at once, but without speeds. */
  readonly isQuick: boolean;
  readonly signal: AbortSignal;
  /** What is looked at now, in a few words, and the share that is done. */
  readonly onProgress: (what: string, share: number) => void;
}

/** A runtime that takes longer is of no use. */
const LONGEST_MILLISECONDS = 30_000;
const productsSchema = z.object({ matmulGflops: z.number().positive() });

export async function examine(options: ExamineOptions): Promise<Facts> {
  const { version, home, resources, isQuick, signal, onProgress } = options;
  onProgress('Looking at the computer', 0);
  const dataFolder = placeOf(home);
  const packs = new Packs({ places: packPlaces(dataFolder), resources });
  await packs.refresh();
  const { inUse, problem, offers } = packs.read();
  const { settings, report } = readSettings(dataFolder);
  const { runtime: asked } = options;
  const choice = asked
    ? ({ runtime: asked, why: 'asked' } as const)
    : chooseRuntime(settings, report, inUse !== null);
  const computing = trainingComputingFor(settings, computingFor(settings, choice, report));
  const machine = await describeMachine();
  const whyThreads =
    settings.threads !== null ? 'set' : computing.threads < machine.threads ? 'fastest' : 'all';
  const free = await freeNow(dataFolder);
  const busy = await busyShare();
  const runtimes: RuntimeFacts[] = [];
  const all = runtimeSchema.options;
  for (const [index, runtime] of all.entries()) {
    onProgress(`Measuring ${runtime}`, (1 + index) / (2 + all.length));
    const isMissing = runtime === 'tensorflow' && inUse === null;
    if (isMissing)
      runtimes.push({ runtime, isThere: false, problem: problem ?? 'It is not installed.', gflops: null });
    else if (isQuick) runtimes.push({ runtime, isThere: true, problem: null, gflops: null });
    else
      runtimes.push(await measureRuntime(runtime, computing.threads, packPlaces(dataFolder).packs, options));
    signal.throwIfAborted();
  }
  onProgress('Measuring the disk', (1 + all.length) / (2 + all.length));
  return {
    versions: { lab: version, node: process.versions.node, electron: process.versions.electron ?? null },
    machine,
    freeMemoryBytes: free.memoryBytes,
    busyShare: busy,
    runtimes,
    tensorflow: {
      ...{ isOffered: offers.length > 0, inUse, problem },
      downloadBytes: offers.find(({ device }) => device === 'cpu')?.downloadBytes ?? null,
    },
    disk: { dataFolder, freeBytes: free.diskBytes, ...(await diskFacts(dataFolder, isQuick, signal)) },
    use: { ...computing, why: choice.why, whyThreads },
  };
}

async function measureRuntime(
  runtime: RuntimeChoice,
  threads: number,
  packs: string,
  { startEngine, signal }: ExamineOptions,
): Promise<RuntimeFacts> {
  const supervisor = new Supervisor(() => startEngine({ [PACKS_VARIABLE]: packs }));
  const until = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MILLISECONDS)]);
  try {
    const asked = { kind: 'speed', of: 'products', config: null, runtime, threads } as const;
    const result = await supervisor.submit(asked, { signal: until }).done;
    const { matmulGflops: gflops } = productsSchema.parse(result);
    return { runtime, isThere: true, problem: null, gflops };
  } catch (error) {
    return { runtime, isThere: false, problem: reasonOf(error), gflops: null };
  } finally {
    await supervisor.close();
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof LabError)) return 'It failed in a way that the lab did not expect.';
  return error.code === 'cancelled'
    ? 'It took half a minute without an end: it is too slow to be of use.'
    : error.message;
}

async function diskFacts(
  folder: string,
  isQuick: boolean,
  signal: AbortSignal,
): Promise<Pick<Facts['disk'], 'speed' | 'problem'>> {
  // Looking makes nothing: a folder that is not there yet is measured where it will be made.
  const place = nearestThatIsThere(folder);
  if (isQuick) return { speed: null, problem: null };
  try {
    return { speed: await measureDisk(place, signal), problem: null };
  } catch (error) {
    if (error instanceof LabError) return { speed: null, problem: error.message };
    throw error;
  }
}

function nearestThatIsThere(folder: string): string {
  const parent = path.dirname(folder);
  return existsSync(folder) || parent === folder ? folder : nearestThatIsThere(parent);
}

/** As the lab would read them; nothing is changed, and a lab may be open meanwhile. */
function readSettings(dataFolder: string): { settings: Settings; report: SpeedReport | null } {
  const usual = { settings: settingsSchema.parse({}), report: null };
  const file = path.join(dataFolder, DATABASE);
  if (!existsSync(file)) return usual;
  let database: Database.Database | undefined;
  try {
    database = new Database(file, { readonly: true });
    const store = new SettingsStore(database);
    return {
      settings: store.read('settings', settingsSchema) ?? usual.settings,
      report: store.read('speed', speedReportSchema) ?? null,
    };
  } catch {
    // What is wrong with the database, the lab says when it is opened.
    return usual;
  } finally {
    database?.close();
  }
}
