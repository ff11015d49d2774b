import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findRecipe } from '../engine/training/recipe.ts';
import type { EpochRecord, StepRecord } from '../engine/training/records.ts';
import { RunFolder } from '../engine/training/run-folder.ts';
import { openDatabase } from '../store/database.ts';
import { PathStore, SettingsStore } from '../store/library-store.ts';
import { RunStore } from '../store/run-store.ts';
import { openDataFolder } from './data-folder.ts';
import { modelDetailsSchema } from './models/models.ts';
import { repairDataFolder } from './repair-data-folder.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'repair-'));
  file = path.join(folder, 'lab.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true }));

const step = (number: number): StepRecord => ({
  ...{ step: number, epoch: Math.ceil(number / 500) },
  ...{ loss: 1 / number, tokenAccuracy: 0.5, learningRate: 1e-3 },
});
const epoch = (number: number): EpochRecord => ({
  ...{ epoch: number, step: number * 500, trainLoss: 1, tokenAccuracy: 0.5 },
  ...{ validationLoss: null, entropy: null, ttr: null, rep2: null },
  samples: [{ prompt: 'Once', text: ' upon a time' }],
});
const steps = Array.from({ length: 3_000 }, (_, index) => step(index + 1));
const epochs = Array.from({ length: 7 }, (_, index) => epoch(index));

/** A run that is finished, with its folder, as the lab leaves it. */
async function addRun(store: RunStore, name: string): Promise<number> {
  const place = path.join(folder, 'runs', `2026-11-24T10-00-00-000Z-${name}`);
  const { settings: recipe } = findRecipe('quick');
  const created = '2026-11-24T10:00:00.000Z';
  const runFolder = await RunFolder.create(place, {
    ...{ version: 1, created, model: '/models/tiny', fingerprint: '', data: '/texts/sea.txt' },
    ...{ windowsHash: '', runtime: 'cpu', recipeName: 'quick', recipe },
  });
  writeFileSync(runFolder.file('steps.jsonl'), steps.map((record) => `${JSON.stringify(record)}\n`).join(''));
  writeFileSync(
    runFolder.file('epochs.jsonl'),
    epochs.map((record) => `${JSON.stringify(record)}\n`).join(''),
  );
  writeFileSync(runFolder.file('result.json'), JSON.stringify({ stopped: null }));
  const request = {
    name,
    modelFolder: '/models/tiny',
    dataFile: '/texts/sea.txt',
    recipeName: 'quick',
    recipe,
  };
  const run = store.add({ ...request, folder: place, request, created });
  store.numbers.record(run, steps, epochs);
  store.endAttempt(store.beginAttempt(run, 'pid 1'), 'finished');
  return run;
}

async function fill(): Promise<void> {
  openDataFolder(folder).release();
  const database = openDatabase(file);
  const store = new RunStore(database);
  const first = await addRun(store, 'first');
  await addRun(store, 'second');
  store.edit(first, { name: 'Öde', notes: 'A note', tags: ['sea'], favourite: true });
  new SettingsStore(database).write('settings', { theme: 'dark' });
  new PathStore(database, 'models', modelDetailsSchema).add('/models/tiny', 'tiny');
  database.close();
}

/** What people would miss. */
function look() {
  const database = openDatabase(file);
  const store = new RunStore(database);
  const seen = {
    runs: store.list().map(({ id, ...run }) => ({
      ...run,
      attempts: store.attempts(id).map(({ outcome }) => outcome),
      steps: store.numbers.steps(id).loss,
      epochs: store.numbers.epochs(id),
    })),
    models: new PathStore(database, 'models', modelDetailsSchema).list(),
    violations: database.pragma('foreign_key_check'),
  };
  database.close();
  return seen;
}

describe('a data folder', () => {
  it('that is whole is left as it is', async () => {
    await fill();
    const before = readFileSync(file);
    expect(await repairDataFolder(folder)).toEqual({ keptAside: null, rows: {}, runsFound: 0 });
    expect(readFileSync(file)).toEqual(before);
  });

  it.each([0.3, 0.5, 0.7])(
    'that is damaged at %f of its file keeps its runs and all of their numbers',
    async (part) => {
      await fill();
      const before = look();
      const bytes = readFileSync(file);
      const start = Math.floor((bytes.length * part) / 4096) * 4096;
      bytes.fill(0xff, start, start + 4 * 4096);
      writeFileSync(file, bytes);
      expect(() => openDatabase(file)).toThrow(expect.objectContaining({ code: 'store-damaged' }));
      const { keptAside, runsFound } = await repairDataFolder(folder);
      expect(readFileSync(keptAside ?? '')).toEqual(bytes);
      expect(runsFound).toBe(0);
      expect(look()).toEqual(before);
    },
  );

  it('whose database is no database gets its runs back from their folders', async () => {
    await fill();
    writeFileSync(file, 'x'.repeat(20_000));
    expect(await repairDataFolder(folder)).toMatchObject({ runsFound: 2 });
    const { runs } = look();
    expect(runs.map(({ name }) => name).sort()).toEqual(['first', 'second']);
    expect(runs[0]).toMatchObject({ attempts: ['finished'], dataFile: '/texts/sea.txt', epochs });
    expect(runs[0]?.steps).toHaveLength(steps.length);
    expect(readdirSync(folder).filter((name) => name.includes('damaged'))).toHaveLength(1);
  });

  it('that another lab works in is not repaired', async () => {
    await fill();
    const other = openDataFolder(folder);
    await expect(repairDataFolder(folder)).rejects.toMatchObject({ code: 'store-in-use' });
    other.release();
  });
});
