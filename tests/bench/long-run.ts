/**
 * How the page of a run bears 100,000 steps, as a ratio to a run of a few: the time from a click to the drawn chart, and
 * the frames while points arrive five times a second. Everything is the lab's own but the engine, which computes nothing
 * and only tells steps.
 *
 *   node tests/bench/long-run.ts [steps]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { findRecipe } from '../../src-main/engine/training/recipe.ts';
import type { Engine } from '../../src-main/lab/jobs/engine.ts';
import { Lab } from '../../src-main/lab/lab.ts';
import { buildPages } from '../../src-main/server/build-pages.ts';
import { startWebServer } from '../../src-main/server/web-server.ts';
import { ROOT } from '../cli/run-lab.ts';
import { CHROMIUM } from '../e2e/lab-under-test.ts';
import { median } from './measurement.ts';

const STEPS = Number(process.argv[2] ?? 100_000);
const FEW_STEPS = 10;
const EPOCH_STEPS = 1_000;
const TOTAL_STEPS = 10 * STEPS;
const OPENINGS = 5;
const WATCH_MILLISECONDS = 4_000;
/** So many steps arrive each time, five times a second. */
const STEPS_PER_PACKET = 20;

/** Tells so many steps at once, then goes on as a run does, until it is stopped. */
class TellingEngine implements Engine {
  readonly name = 'no process';
  readonly #stepsAtOnce: number;
  #tell: (message: unknown) => void = () => {};
  #exit: (code: number | null, signal: string | null) => void = () => {};
  #timer: NodeJS.Timeout | undefined;
  #step = 0;

  constructor(stepsAtOnce: number) {
    this.#stepsAtOnce = stepsAtOnce;
  }

  send({ kind }: Parameters<Engine['send']>[0]): void {
    if (kind === 'start') setImmediate(() => this.#begin());
    else if (kind === 'stop') {
      clearInterval(this.#timer);
      const error = { code: 'cancelled', message: 'It was stopped.', data: {} };
      setImmediate(() => this.#tell({ kind: 'failed', error }));
    } else if (kind === 'end') this.kill();
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#tell = listener;
  }

  onExit(listener: (code: number | null, signal: string | null) => void): void {
    this.#exit = listener;
  }

  kill(): void {
    clearInterval(this.#timer);
    this.#exit(0, null);
  }

  #begin(): void {
    this.#tellSteps(this.#stepsAtOnce);
    this.#timer = setInterval(() => this.#tellSteps(STEPS_PER_PACKET), 200);
  }

  #tellSteps(count: number): void {
    for (let told = 0; told < count; told++) {
      const step = ++this.#step;
      const epoch = Math.ceil(step / EPOCH_STEPS);
      const loss = 4 * Math.exp(-step / STEPS) * (1 + 0.2 * Math.sin(step * 12.9898));
      const record = { step, epoch, loss, tokenAccuracy: 1 - loss / 5, learningRate: 1e-4 };
      this.#tell({ kind: 'event', event: { kind: 'step', record, totalSteps: TOTAL_STEPS, seconds: 0.01 } });
      if (step % EPOCH_STEPS === 0) this.#tellEpoch(epoch, step, loss);
    }
  }

  #tellEpoch(epoch: number, step: number, loss: number): void {
    const measures = { trainLoss: loss, tokenAccuracy: 0.5, validationLoss: 8 - loss, entropy: 2 };
    const record = {
      epoch,
      step,
      ...measures,
      ttr: 0.5,
      rep2: 0.1,
      samples: [{ prompt: 'Once', text: ' upon a time' }],
    };
    this.#tell({ kind: 'event', event: { kind: 'epoch', record, seconds: 0.1 } });
  }
}

const folder = await mkdtemp(path.join(os.tmpdir(), 'long-run-'));
try {
  const long = await measure(STEPS);
  const few = await measure(FEW_STEPS);
  const row = (what: string, first: number, second: number) =>
    `| ${what} | ${first.toFixed(0)} ms | ${second.toFixed(0)} ms | ${(first / second).toFixed(2)} |`;
  process.stdout.write(
    [
      `| | ${STEPS.toLocaleString('en')} steps | ${FEW_STEPS} steps | ratio |`,
      '|---|---:|---:|---:|',
      row(`page opened, median of ${OPENINGS}`, long.opened, few.opened),
      row('frame while points arrive, median', long.frame, few.frame),
      row('frame while points arrive, 95 of 100', long.slowFrame, few.slowFrame),
      '',
    ].join('\n'),
  );
} finally {
  await rm(folder, { recursive: true });
}

async function measure(steps: number): Promise<{ opened: number; frame: number; slowFrame: number }> {
  const lab = await Lab.open({
    dataFolder: path.join(folder, String(steps)),
    resources: path.join(ROOT, 'resources'),
    startEngine: () => new TellingEngine(steps),
    roots: [],
    version: '0',
  });
  const server = await startWebServer({ answers: async () => lab.answers, pages: await buildPages() });
  const browser = await chromium.launch({ executablePath: CHROMIUM ?? '', args: ['--no-sandbox'] });
  try {
    const { run } = await lab.answers['runs.start'](
      {
        ...{ name: 'Long', modelFolder: '/no/model', dataFile: '/no/text', recipeName: null },
        recipe: findRecipe('quick').settings,
      },
      new AbortController().signal,
    );
    while ((lab.answers.runs.read()[0]?.steps ?? 0) < steps)
      await new Promise((done) => setTimeout(done, 50));
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(server.entrance);
    await page.getByRole('navigation').first().waitFor();
    const openings: number[] = [];
    for (let opening = 0; opening < OPENINGS; opening++) openings.push(await open(page, run, steps));
    const frames = await watchFrames(page);
    return {
      opened: median(openings),
      frame: frames[Math.floor(frames.length / 2)] ?? 0,
      slowFrame: frames[Math.floor(frames.length * 0.95)] ?? 0,
    };
  } finally {
    await browser.close();
    await server.close();
    await lab.close();
  }
}

/** Milliseconds from the list of runs to the drawn chart of all steps. */
async function open(page: Page, run: number, steps: number): Promise<number> {
  await page.evaluate(() => {
    location.hash = '#/runs';
  });
  await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor();
  return page.evaluate(
    ([address, wanted]) =>
      new Promise<number>((resolve) => {
        const began = performance.now();
        location.hash = address;
        const look = () => {
          const [, shown = '0'] =
            /Over ([\d,]+) steps/.exec(
              document.querySelector('[role="img"][aria-label^="Loss"]')?.getAttribute('aria-label') ?? '',
            ) ?? [];
          if (Number(shown.replaceAll(',', '')) < wanted) requestAnimationFrame(look);
          // The frame in which it is drawn, and the next, which shows that it is on the screen.
          else requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - began)));
        };
        look();
      }),
    [`#/runs/${run}`, steps] as const,
  );
}

/** Milliseconds between frames, ascending. */
function watchFrames(page: Page): Promise<number[]> {
  return page.evaluate(
    (milliseconds) =>
      new Promise<number[]>((resolve) => {
        const frames: number[] = [];
        const began = performance.now();
        let last = began;
        const next = (now: number) => {
          frames.push(now - last);
          last = now;
          if (now - began < milliseconds) requestAnimationFrame(next);
          else resolve(frames.slice(1).sort((first, second) => first - second));
        };
        requestAnimationFrame(next);
      }),
    WATCH_MILLISECONDS,
  );
}
