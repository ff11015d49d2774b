/**
 * How good the lab's estimates are: of each shape, scope and runtime a run is foretold, done and held against what was
 * foretold: memory, time and disk. Nothing here passes or fails.
 *
 *   node scripts/bootstrap.mjs tests/bench/estimates.ts [--only NAME,…] [--scope S,…] [--runtime R,…] [--json FILE]
 *
 * Time is foretold twice: with what the speed test of the small model says ("rough"), and with what the check of this model
 * measures ("checked").
 */
import { copyFile, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';

import { table } from '../../src-main/cli/table.ts';
import { findRecipe, type Recipe } from '../../src-main/engine/training/recipe.ts';
import { forkEngine } from '../../src-main/lab/jobs/fork-engine.ts';
import type { Job } from '../../src-main/lab/jobs/job.ts';
import { Supervisor } from '../../src-main/lab/jobs/supervisor.ts';
import { checkResultSchema } from '../../src-main/lab/plans/check-result.ts';
import { estimate, openPlannedModel } from '../../src-main/lab/plans/estimate.ts';
import { measuredSpeed } from '../../src-main/lab/plans/measured-speed.ts';
import { roughSpeed } from '../../src-main/lab/plans/rough-speed.ts';
import type { Speed } from '../../src-main/lab/plans/work.ts';
import { speedResultSchema } from '../../src-preload/contract/endpoints/speed.ts';
import { ROOT } from '../cli/run-lab.ts';
import { makeRandomModel } from './random-models.ts';
import { findSize } from './sizes.ts';

/** The model that comes with the lab, and models of random weights. */
const SHAPES = ['starter', '15m', '190m'] as const;
type ShapeName = (typeof SHAPES)[number];
const STARTER = path.join(ROOT, 'resources', 'starter-model');
const TEXT = path.join(ROOT, 'resources', 'samples', 'sea-stories.txt');
const ENGINE = path.join(ROOT, 'src-main', 'lab', 'jobs', 'engine-process.ts');
/** As short as can be with all that a run does: steps, measuring, samples, and a checkpoint in place of another. */
const RECIPE: Recipe = {
  ...findRecipe('quick').settings,
  ...{ batch: 4, windows: 8, heldOut: 4, epochs: 2, samples: 4, sampleTokens: 16, learningRate: 1e-5 },
};
const PLENTY = { memoryBytes: 1e15, diskBytes: 1e15 };
const summarySchema = z.object({
  seconds: z.number(),
  peakMemoryBytes: z.number(),
  diskBytes: z.number(),
});
const measuredSchema = speedResultSchema.shape.speed.unwrap();

interface Needs {
  readonly memoryBytes: number;
  readonly diskBytes: number;
  readonly seconds: number;
}

interface Row {
  readonly shape: string;
  readonly scope: string;
  readonly runtime: string;
  readonly predicted: Needs;
  /** Seconds as the speed test alone lets expect them. */
  readonly roughSeconds: number;
  readonly measured: Needs;
}

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: SHAPES.join() },
    scope: { type: 'string', default: 'full,all,last:5' },
    runtime: { type: 'string', default: 'cpu' },
    json: { type: 'string' },
  },
});
const folder = await mkdtemp(path.join(os.tmpdir(), 'estimates-'));
const rows: Row[] = [];
try {
  const shapes = z.array(z.enum(SHAPES)).parse(values.only.split(','));
  const models = new Map<ShapeName, string>();
  for (const shape of shapes) models.set(shape, await modelFolder(shape));
  for (const runtime of values.runtime.split(',')) {
    const speedTest = {
      kind: 'speed',
      of: 'all',
      runtime,
      threads: os.availableParallelism(),
      config: null,
    } as const;
    const tested = measuredSchema.parse(await compute(speedTest));
    process.stderr.write(`${runtime}: ${JSON.stringify(tested)}\n`);
    for (const [shape, model] of models)
      for (const scope of values.scope.split(',')) {
        rows.push(await measure(shape, model, scope, runtime, tested));
        process.stderr.write(`${JSON.stringify(rows.at(-1))}\n`);
      }
  }
} finally {
  await rm(folder, { recursive: true });
}
process.stdout.write(`${render(rows)}\n`);
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(rows, null, 2)}\n`);

async function measure(
  shape: string,
  model: string,
  scope: string,
  runtime: string,
  tested: z.infer<typeof measuredSchema>,
): Promise<Row> {
  const recipe = { ...RECIPE, scope };
  const planned = await openPlannedModel(model);
  const asked = { model, data: TEXT, recipe, runtime };
  const check = checkResultSchema.parse(await compute({ kind: 'check', ...asked }));
  const speed = measuredSpeed(planned, recipe, check);
  const estimateBy = (by: Speed) => estimate(planned, recipe, check.windows, PLENTY, by, runtime);
  const found = estimateBy(speed);
  const out = path.join(folder, 'run');
  const result = summarySchema.parse(
    await compute({ kind: 'hyperfit', ...asked, recipeName: null, out, resume: false }),
  );
  await rm(out, { recursive: true });
  const measured = { ...result, memoryBytes: result.peakMemoryBytes };
  const roughSeconds = estimateBy(roughSpeed(planned, recipe, tested)).seconds!.likely;
  const predicted = { ...found, seconds: found.seconds!.likely };
  return { ...{ shape, scope, runtime }, predicted, roughSeconds, measured };
}

/** In a process of its own, as the lab does it. */
async function compute(job: Job): Promise<unknown> {
  const supervisor = new Supervisor(() => forkEngine(ENGINE));
  try {
    return await supervisor.submit(job).done;
  } finally {
    await supervisor.close();
  }
}

/** Where the model lies, with a tokenizer. */
async function modelFolder(shape: ShapeName): Promise<string> {
  if (shape === 'starter') return STARTER;
  const weights = await makeRandomModel(findSize(shape, false).model);
  const place = path.join(folder, shape);
  await mkdir(place);
  for (const name of await readdir(weights)) await symlink(path.join(weights, name), path.join(place, name));
  for (const name of ['tokenizer.json', 'tokenizer_config.json'])
    await copyFile(path.join(STARTER, name), path.join(place, name));
  return place;
}

function render(all: readonly Row[]): string {
  const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
  const seconds = (number: number) => `${number.toFixed(1)} s`;
  const error = (said: number, found: number) => {
    const percent = Math.round(100 * (said / found - 1));
    return `${percent > 0 ? '+' : ''}${percent} %`;
  };
  return table([
    ['', '', '', 'memory', 'was', '', 'disk', 'was', '', 'time', 'was', '', 'rough', ''],
    ...all.map(({ shape, scope, runtime, predicted, roughSeconds, measured }) => [
      ...[shape, scope, runtime],
      ...[megabytes(predicted.memoryBytes), megabytes(measured.memoryBytes)],
      error(predicted.memoryBytes, measured.memoryBytes),
      ...[megabytes(predicted.diskBytes), megabytes(measured.diskBytes)],
      error(predicted.diskBytes, measured.diskBytes),
      ...[seconds(predicted.seconds), seconds(measured.seconds)],
      error(predicted.seconds, measured.seconds),
      ...[seconds(roughSeconds), error(roughSeconds, measured.seconds)],
    ]),
  ]);
}
