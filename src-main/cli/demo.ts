/**
 * `npm run demo`: the main job from one command. The bundled model writes, is hyperfitted twice (all of it, and with
 * Late-Stage LoRA), writes again; the texts stand side by side in the terminal and in report.html.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { styleText } from 'node:util';
import { LabError } from '../engine/errors.ts';
import { writeFileDurably } from '../engine/formats/durable-files.ts';
import { GREEDY } from '../engine/generation/decoding.ts';
import { findRecipe, type Recipe, settingsFor } from '../engine/training/recipe.ts';
import type { Arm } from '../lab/comparison/arms.ts';
import { compare } from '../lab/comparison/compare.ts';
import { renderReport } from '../lab/report/report.ts';
import { type HyperfitSummary, type LabEvent, runHyperfit } from '../lab/runs/hyperfit-run.ts';
import { readPrompts } from '../lab/texts/prompts.ts';
import { EPOCH_COLUMNS, epochRow } from './commands/hyperfit.ts';
import { abortOnInterrupt } from './interrupt.ts';
import { showLabEvent } from './lab-events.ts';
import { Progress } from './progress.ts';
import { showComparison } from './side-by-side.ts';

const RESOURCES = path.join(import.meta.dirname, '..', '..', 'resources');
const MODEL = path.join(RESOURCES, 'starter-model');
const DATA = path.join(RESOURCES, 'samples', 'sea-stories.txt');
const REPORT = 'report.html';
const BEGINNINGS = path.join(RESOURCES, 'samples', 'beginnings.txt');
const PROMPTS = 12;
const NEW_TOKENS = 224;
const SHOWN_IN_TERMINAL = 3;

const TRY = findRecipe('try-it-now');
const RUNS: readonly { name: string; recipe: Recipe }[] = [
  { name: 'All of it', recipe: settingsFor(TRY, 'full') },
  { name: 'Late-Stage LoRA', recipe: settingsFor(TRY, TRY.settings.scope) },
];

const signal = abortOnInterrupt();
const progress = new Progress();
const work = await mkdtemp(path.join(os.tmpdir(), 'hyperfit-demo-'));
try {
  await demo();
} catch (error) {
  progress.clear();
  if (error instanceof Error && error.name === 'AbortError') {
    process.stderr.write('Stopped.\n');
    process.exitCode = 130;
  } else if (error instanceof LabError) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  } else throw error;
} finally {
  await rm(work, { recursive: true, force: true });
}

async function demo(): Promise<void> {
  const started = performance.now();
  say(
    'bold',
    'Hyperfitting the starter model, a small language model of children’s stories, on this computer.',
  );
  const summaries: HyperfitSummary[] = [];
  for (const [index, { name, recipe }] of RUNS.entries()) {
    say('bold', `\n${index + 1}. ${name}`);
    const request = {
      model: MODEL,
      data: DATA,
      recipe,
      recipeName: TRY.name,
      runtime: 'cpu',
      out: path.join(work, `run-${index}`),
      resume: false,
    };
    summaries.push(await runHyperfit(request, { signal, onEvent: showEpochs(name) }));
  }
  say('bold', '\nThe same beginnings, continued by each (word by word the most likely)');
  const arms: Arm[] = [
    { name: 'Before', model: MODEL, adapter: null, decoding: GREEDY, weights: 'float32' },
    ...summaries.map(({ model, adapter }, index) => ({
      name: RUNS[index]!.name,
      model: model ?? MODEL,
      adapter: adapter ?? null,
      decoding: GREEDY,
      weights: 'float32' as const,
    })),
  ];
  const request = {
    arms,
    prompts: (await readPrompts(BEGINNINGS)).slice(0, PROMPTS),
    maxNewTokens: NEW_TOKENS,
    seed: 1,
    runtime: 'cpu',
    trainingText: DATA,
    atEnd: 'forbid' as const,
  };
  const comparison = await compare(request, {
    signal,
    onProgress: (done, total) => progress.show('Writing', Math.min(1, done / total)),
  });
  progress.clear();
  const few = {
    prompts: comparison.prompts.slice(0, SHOWN_IN_TERMINAL),
    arms: comparison.arms,
  };
  process.stdout.write(`\n${showComparison(few)}\n`);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const report = renderReport({
    title: 'Before and after hyperfitting',
    introduction: [
      'A small language model was trained on a short text until it knew it almost by heart. One would expect it to become worse. Yet when it writes word by word the most likely, it repeats itself less and its words are more varied.',
      'Before: the starter model as it is. All of it: every weight was trained. Late-Stage LoRA: small adapters on the last five of its eight blocks were trained.',
    ],
    comparison,
    curves: summaries.map(({ epochs }, index) => ({ name: RUNS[index]!.name, epochs })),
  });
  await writeFileDurably(REPORT, report);
  say('bold', `\nDone in ${seconds} s. Curves, all texts and measures: ${REPORT}`);
}

/** A live table: one line an epoch. */
function showEpochs(name: string): (event: LabEvent) => void {
  const widths = EPOCH_COLUMNS.map((column) => Math.max(column.length, 8));
  const line = (cells: readonly string[]) =>
    cells.map((cell, column) => cell.padStart(widths[column]!)).join('  ');
  const show = showLabEvent(progress, name);
  return (event) => {
    show(event);
    if (event.kind === 'windows') say('dim', line(EPOCH_COLUMNS));
    if (event.kind === 'epoch') process.stdout.write(`${line(epochRow(event.record))}\n`);
  };
}

function say(format: Parameters<typeof styleText>[0], line: string): void {
  process.stdout.write(`${styleText(format, line)}\n`);
}
