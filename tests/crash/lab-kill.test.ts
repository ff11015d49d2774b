/**
 * No run lost, whatever is killed: the engine alone, or the lab that watches it, again and again, at any moment of a run.
 * Each time the database is whole, nothing claims to run that does not, the last checkpoint that is listed loads, and no
 * number of a finished epoch is missing; in the end the run has exactly the losses of one that was left alone.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../src-main/engine/random.ts';
import { findRecipe } from '../../src-main/engine/training/recipe.ts';
import { RunFolder } from '../../src-main/engine/training/run-folder.ts';
import { openDatabase } from '../../src-main/store/database.ts';
import { RunStore } from '../../src-main/store/run-store.ts';
import { FIXTURES, ROOT } from '../cli/run-lab.ts';
import { sampleText } from '../cli/sample-text.ts';

/** Thirty moments in all. */
const RUNS = 3;
const KILLS = 10;
/** A kill comes at most so many steps after the run went on, or so long before its first step. */
const STEPS_BEFORE_KILL = 16;
const STARTING_MILLISECONDS = 1_000;
let folder: string;
let whole: ReturnType<typeof numbers>;

/** A lab in a process of its own; it tells a line of each state of its only run: state, steps, the engine's name. */
const LAB = `
  import { Lab } from '${ROOT}/src-main/lab/lab.ts';
  import { forkEngine } from '${ROOT}/src-main/lab/jobs/fork-engine.ts';
  let engine;
  const lab = await Lab.open({
    dataFolder: process.argv[2],
    resources: '${ROOT}/resources',
    startEngine: () => (engine = forkEngine('${ROOT}/src-main/lab/jobs/engine-process.ts')),
    roots: [],
    version: '1',
  });
  const { signal } = new AbortController();
  const { runs } = lab.answers;
  const tell = () => {
    const [run] = runs.read();
    if (run) console.log(run.state, run.steps, engine?.name.replace('pid ', '') ?? 0);
  };
  runs.subscribe(tell);
  const [run] = runs.read();
  if (run && run.state !== 'finished') await lab.answers['runs.resume']({ run: run.id }, signal);
  if (!run) await lab.answers['runs.start'](JSON.parse(process.argv[3]), signal);
  tell();
`;

interface Told {
  readonly state: string;
  readonly steps: number;
  readonly engine: number;
}

const request = () => ({
  name: 'Killed',
  modelFolder: path.join(FIXTURES, 'llama'),
  dataFile: path.join(folder, 'text.txt'),
  recipeName: null,
  recipe: {
    ...findRecipe('quick').settings,
    ...{ scope: 'last:2', rank: 4, alpha: 8, epochs: 40, batch: 2, windows: 12, windowLength: 16 },
    ...{ samples: 1, sampleTokens: 4, seed: 4, stopAtLoss: null, stopAtAccuracy: null },
  },
});

/** Starts a lab that begins a run or goes on with it. */
function startLab(data: string, onTold: (told: Told) => void): ChildProcess {
  const lab = spawn(process.execPath, [path.join(folder, 'lab.mjs'), data, JSON.stringify(request())], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  lab.stdout?.setEncoding('utf8').on('data', (text: string) => {
    for (const line of text.trim().split('\n')) {
      const [state = '', steps, engine] = line.split(' ');
      onTold({ state, steps: Number(steps), engine: Number(engine) });
    }
  });
  return lab;
}

/** Waits until the run is over, and ends the lab. */
async function finish(data: string): Promise<Told> {
  const { promise, resolve } = Promise.withResolvers<Told>();
  const lab = startLab(data, (told) => {
    if (['finished', 'failed'].includes(told.state)) resolve(told);
  });
  const told = await promise;
  lab.kill('SIGKILL');
  return told;
}

/** Kills somebody, while the engine gets ready or after some steps; over when the lab is gone or says that the run is. */
async function interrupt(data: string, whom: 'engine' | 'lab', random: Random): Promise<void> {
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const [isEarly, delay, steps] = [random.uniform() < 0.2, random.uniform(), random.uniform()];
  let first: Told | undefined;
  let timer: NodeJS.Timeout | undefined;
  const lab = startLab(data, (told) => {
    if (told.state === 'running') {
      first ??= told;
      const isTime = isEarly || told.steps > first.steps + steps * STEPS_BEFORE_KILL;
      const later = delay * (isEarly ? STARTING_MILLISECONDS : 30);
      if (isTime)
        timer ??= setTimeout(() => (whom === 'lab' ? lab.kill('SIGKILL') : tryToKill(told.engine)), later);
    } else if (first) resolve();
  });
  lab.once('exit', () => resolve());
  await over;
  clearTimeout(timer);
  lab.kill('SIGKILL');
}

function tryToKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function readStore<Result>(data: string, read: (store: RunStore, run: number) => Result): Result {
  // Opening checks the file as a whole.
  const database = openDatabase(path.join(data, 'lab.sqlite'));
  try {
    const store = new RunStore(database);
    return read(store, store.list()[0]?.id ?? 0);
  } finally {
    database.close();
  }
}

function numbers(data: string) {
  return readStore(data, (store, run) => ({
    steps: store.numbers.steps(run),
    epochs: store.numbers.epochs(run),
  }));
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lab-kill-'));
  await writeFile(path.join(folder, 'text.txt'), sampleText());
  await writeFile(path.join(folder, 'lab.mjs'), LAB);
  const data = path.join(folder, 'whole');
  await finish(data);
  whole = numbers(data);
});
afterAll(() => rm(folder, { recursive: true }));

describe('a run in the lab', () => {
  it.each(Array.from({ length: RUNS }, (_, index) => index + 1))(
    'that is cut off again and again loses nothing (%i)',
    async (seed) => {
      const random = new Random(seed);
      const data = path.join(folder, `killed-${seed}`);
      for (let kill = 0; kill < KILLS; kill++) {
        await interrupt(data, kill % 2 === 0 ? 'engine' : 'lab', random);
        const { steps, epochs } = numbers(data);
        expect(epochs).toEqual(whole.epochs.slice(0, epochs.length));
        expect(steps.loss).toEqual(whole.steps.loss.slice(0, steps.loss.length));
        expect(steps.step.length).toBeGreaterThanOrEqual(epochs.at(-1)?.step ?? 0);
      }
      expect(await finish(data)).toMatchObject({ state: 'finished' });
      expect(numbers(data)).toEqual(whole);
      const { place, listed, outcomes } = readStore(data, (store, run) => ({
        place: store.find(run)?.folder ?? '',
        listed: store.checkpoints.list(run).at(-1),
        outcomes: store.attempts(run).map(({ outcome }) => outcome),
      }));
      expect(outcomes).not.toContain(null);
      expect(outcomes.filter((outcome) => outcome === 'interrupted').length).toBeGreaterThan(KILLS / 2);
      const opened = await RunFolder.open(place);
      expect(await opened?.checkpoints.load()).toMatchObject({ step: listed?.step, epoch: listed?.epoch });
    },
    4 * 60_000,
  );
});
