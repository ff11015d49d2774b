/** Plans with a real engine process and a real store. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CheckStage, Verdict } from '../../../src-preload/contract/endpoints/plans.ts';
import type { SpeedReport } from '../../../src-preload/contract/endpoints/speed.ts';
import { FIXTURES } from '../../../tests/cli/run-lab.ts';
import { sampleText } from '../../../tests/cli/sample-text.ts';
import { findRecipe } from '../../engine/training/recipe.ts';
import { openDatabase } from '../../store/database.ts';
import { SettingsStore } from '../../store/library-store.ts';
import { forkEngine } from '../jobs/fork-engine.ts';
import { Supervisor } from '../jobs/supervisor.ts';
import { type Free, freeNow } from './free.ts';
import { Plans } from './plans.ts';

const ENGINE = path.join(import.meta.dirname, '..', 'jobs', 'engine-process.ts');
const { signal } = new AbortController();
let folder: string;
let dataFile: string;
let supervisor: Supervisor;
let settings: SettingsStore;
const recipe = {
  ...findRecipe('quick').settings,
  ...{ scope: 'last:1', rank: 4, batch: 2, windows: 8, windowLength: 16, samples: 1, samplesEvery: 1 },
  epochs: 3,
};
const modelFolder = path.join(FIXTURES, 'llama');

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'plans-'));
  dataFile = path.join(folder, 'text.txt');
  await writeFile(dataFile, sampleText());
  settings = new SettingsStore(openDatabase(path.join(folder, 'lab.sqlite')));
  supervisor = new Supervisor(() => forkEngine(ENGINE));
});
afterEach(async () => {
  await supervisor.close();
  await rm(folder, { recursive: true });
});

function plans(free?: Free, report: SpeedReport | null = null): Plans {
  return new Plans({
    ...{ supervisor, settings, report: () => report },
    free: free ? async () => free : () => freeNow(folder),
    computing: () => ({ runtime: 'cpu', threads: 2 }),
  });
}

async function check(asked: Plans, changes: Partial<typeof recipe> = {}) {
  const stages = new Set<CheckStage>();
  let verdict: Verdict | null = null;
  const input = { modelFolder, dataFile, recipe: { ...recipe, ...changes } };
  for await (const packet of asked.answers['plans.check'](input, signal)) {
    stages.add(packet.stage);
    verdict = packet.verdict;
  }
  return { stages: [...stages], verdict: verdict! };
}

describe('plans', () => {
  it('tell the time of a run once a check has measured the model, of other settings too', async () => {
    const asked = plans();
    const estimate = (epochs: number) =>
      asked.answers['plans.estimate']({ modelFolder, recipe: { ...recipe, epochs }, windows: null }, signal);
    expect((await estimate(3)).seconds).toBeNull();
    const { stages, verdict } = await check(asked);
    expect(stages[0]).toBe('waiting');
    expect(stages.at(-1)).toBe('done');
    expect(verdict).toMatchObject({
      lacks: null,
      choices: [],
      measured: { windows: { train: 8, heldOut: expect.any(Number) } },
      estimate: { steps: 12 },
    });
    expect(verdict.estimate.seconds!.low).toBeGreaterThan(0);
    const [short, long, longest] = [await estimate(3), await estimate(30), await estimate(57)];
    expect(long.how).toBe('checked');
    const [first, second] = [
      long.seconds!.likely - short.seconds!.likely,
      longest.seconds!.likely - long.seconds!.likely,
    ];
    expect(first).toBeGreaterThan(0);
    expect(second).toBeCloseTo(first);
  });

  it('tell the time roughly where only the speed of the computer was measured', async () => {
    const speed = { trainedTokensPerSecond: 1000, writtenTokensPerSecond: 500, matmulGflops: 50 };
    const results = [{ runtime: 'cpu', device: '', threads: null, speed, problem: null } as const];
    const report = (modelFolder: string | null): SpeedReport => ({
      ...{ measured: new Date().toISOString(), fastest: 'cpu' },
      ...{ modelFolder, results: [...results] },
    });
    const estimate = (of: string | null) =>
      plans(undefined, report(of)).answers['plans.estimate']({ modelFolder, recipe, windows: null }, signal);
    for (const of of [null, modelFolder, '/gone']) {
      expect(await estimate(of)).toMatchObject({ how: 'rough', seconds: { likely: expect.any(Number) } });
    }
  });

  it('refuse what the memory cannot hold before they try it, and say what would fit', async () => {
    const { verdict, stages } = await check(plans({ memoryBytes: 237e6, diskBytes: 1e12 }), {
      ...{ scope: 'full', batch: 1024, windows: 100_000 },
    });
    expect(stages).toEqual(['waiting', 'done']);
    expect(verdict.lacks).toBe('memory');
    expect(verdict.measured).toBeNull();
    expect(verdict.choices[0]!.recipe.microBatch).toBeLessThan(1024);
    expect(verdict.choices[0]!.memoryBytes).toBeLessThanOrEqual(237e6);
  });

  it('refuse what the disk cannot hold, of the text as it is', async () => {
    const { verdict } = await check(plans({ memoryBytes: 1e12, diskBytes: 1e3 }));
    expect(verdict).toMatchObject({ lacks: 'disk', measured: { windows: { train: 8 } } });
  });

  it('say what is broken as an error', async () => {
    await writeFile(dataFile, ' ');
    await expect(check(plans())).rejects.toMatchObject({ code: 'bad-data-set' });
  });

  it('end the engine when nobody waits for the check any more', async () => {
    const controller = new AbortController();
    const input = { modelFolder, dataFile, recipe };
    for await (const { stage } of plans().answers['plans.check'](input, controller.signal)) {
      if (stage === 'weights') controller.abort();
    }
    await expect.poll(() => supervisor.status()).toEqual([]);
  });
});
