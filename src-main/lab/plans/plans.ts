/**
 * Runs before they are started: estimated from headers as a person chooses, then checked in an engine process. What a
 * check has measured of a model is kept, so that from then on an estimate can tell the time.
 */
import { z } from 'zod';
import type {
  CheckStage,
  PlanEstimate,
  plansContract,
  Verdict,
  WindowCounts,
} from '../../../src-preload/contract/endpoints/plans.ts';
import type { SpeedReport } from '../../../src-preload/contract/endpoints/speed.ts';
import { previewSchema } from '../../../src-preload/contract/endpoints/texts.ts';
import type { Answers } from '../../../src-preload/contract/server.ts';
import type { Recipe } from '../../engine/training/recipe.ts';
import type { SettingsStore } from '../../store/library-store.ts';
import { Changes } from '../changes.ts';
import type { Supervisor } from '../jobs/supervisor.ts';
import type { TrainingComputing } from '../settings/computing.ts';
import { type CheckResult, checkResultSchema } from './check-result.ts';
import { estimate, estimateOfChanged, openPlannedModel, type PlannedModel } from './estimate.ts';
import { choicesThatFit, lacking } from './fitting.ts';
import type { Free } from './free.ts';
import { measuredSpeed } from './measured-speed.ts';
import { roughSpeed } from './rough-speed.ts';
import type { Speed } from './work.ts';

/** By model and what computes: see #key. */
const speedsSchema = z.record(
  z.string(),
  z.object({
    how: z.literal('checked').default('checked'),
    perSecond: z.number().positive(),
    secondsPerWrittenToken: z.number().nonnegative(),
    secondsPerEpoch: z.number().nonnegative(),
    secondsToBegin: z.number().nonnegative().default(0),
    spread: z.number().min(1),
  }),
);
const SPEEDS = 'measured-speeds';

export interface PlansOptions {
  readonly supervisor: Supervisor;
  readonly settings: SettingsStore;
  /** What the computer could give a run now. */
  readonly free: () => Promise<Free>;
  /** What runs compute on. */
  readonly computing: () => TrainingComputing;
  /** Of the last speed test. */
  readonly report: () => SpeedReport | null;
}

interface Packet {
  readonly stage: CheckStage;
  readonly share: number;
  readonly verdict: Verdict | null;
}

export class Plans {
  readonly answers: Answers<typeof plansContract>;
  readonly #options: PlansOptions;

  constructor(options: PlansOptions) {
    this.#options = options;
    this.answers = {
      'plans.estimate': async ({ modelFolder, recipe, windows }) => {
        const model = await openPlannedModel(modelFolder);
        const speed = await this.#speedOf(model, recipe);
        return this.#estimate(model, recipe, windows, await options.free(), speed);
      },
      'plans.check': ({ modelFolder, dataFile, recipe }, signal) =>
        this.#check(modelFolder, dataFile, recipe, signal),
    };
  }

  async *#check(
    modelFolder: string,
    dataFile: string,
    recipe: Recipe,
    signal: AbortSignal,
  ): AsyncGenerator<Packet> {
    const model = await openPlannedModel(modelFolder);
    yield { stage: 'waiting', share: 0, verdict: null };
    const windows = await this.#countWindows(modelFolder, dataFile, recipe, signal);
    const { supervisor, settings, free, computing } = this.#options;
    const before = this.#estimate(model, recipe, windows, await free(), await this.#speedOf(model, recipe));
    // Trying what cannot fit could take the whole computer down.
    if (lacking(before) === 'memory') {
      yield done(this.#judge(model, recipe, windows, before, undefined));
      return;
    }
    const changes = new Changes();
    let now: Packet = { stage: 'waiting', share: 0, verdict: null };
    const job = supervisor.submit(
      { kind: 'check', model: modelFolder, data: dataFile, recipe, ...computing() },
      {
        signal,
        onEvent: (event) => {
          if (event.kind === 'checking') now = { ...event, verdict: null };
          changes.tell();
        },
      },
    );
    const ended = job.done.then((result) => checkResultSchema.parse(result));
    ended.catch(() => {});
    for (;;) {
      const { stage, share, verdict } = now;
      yield { stage, share, verdict };
      const result = await Promise.race([ended, changes.next(signal)]);
      if (signal.aborted) return;
      if (result === undefined) continue;
      const speed = measuredSpeed(model, recipe, result);
      settings.write(SPEEDS, { ...this.#speeds(), [this.#key(model)]: speed });
      const after = this.#estimate(model, recipe, result.windows, await free(), speed);
      const memoryBytes = Math.max(after.memoryBytes, result.peakMemoryBytes);
      yield done(this.#judge(model, recipe, windows, { ...after, memoryBytes }, result));
      return;
    }
  }

  /** As many as the text really gives: a step takes no more of them together. */
  async #countWindows(
    model: string,
    data: string,
    recipe: Recipe,
    signal: AbortSignal,
  ): Promise<WindowCounts> {
    const { done } = this.#options.supervisor.submit({ kind: 'preview', model, data, recipe }, { signal });
    return previewSchema.parse(await done).report;
  }

  #judge(
    model: PlannedModel,
    recipe: Recipe,
    windows: WindowCounts,
    found: PlanEstimate,
    result: CheckResult | undefined,
  ): Verdict {
    const lacks = lacking(found);
    const free = { memoryBytes: found.freeMemoryBytes, diskBytes: found.freeDiskBytes };
    const { blocks } = model.architecture.geometry;
    const { runtime } = this.#options.computing();
    const estimateOf = estimateOfChanged(model, recipe, windows, free, runtime);
    return {
      lacks,
      estimate: found,
      measured: result
        ? {
            tensors: result.tensors,
            windows: result.windows,
            secondsPerStep: result.step.fastest,
            peakMemoryBytes: result.peakMemoryBytes,
          }
        : null,
      rows: result?.rows ?? { count: 0, first: [] },
      choices: lacks === null ? [] : choicesThatFit(recipe, blocks, estimateOf),
    };
  }

  /** With what runs compute on now. */
  #estimate(...asked: [PlannedModel, Recipe, WindowCounts | null, Free, Speed | undefined]): PlanEstimate {
    return estimate(...asked, this.#options.computing().runtime);
  }

  #key({ fingerprint }: PlannedModel): string {
    const { runtime, threads, products } = this.#options.computing();
    return [fingerprint, runtime, threads, ...(products ? [products] : [])].join(' ');
  }

  /** As a check measured it; else as the speed test of the runtime lets expect, if there was one. */
  async #speedOf(model: PlannedModel, recipe: Recipe): Promise<Speed | undefined> {
    const checked = this.#speeds()[this.#key(model)];
    if (checked) return checked;
    const report = this.#options.report();
    const { runtime } = this.#options.computing();
    const measured = report?.results.find((result) => result.runtime === runtime)?.speed;
    if (!report || !measured) return undefined;
    if (report.modelFolder === null) return roughSpeed(model, recipe, measured);
    const shape = await openPlannedModel(report.modelFolder).catch(() => undefined);
    // A model that is gone leaves what is true of any.
    return roughSpeed(model, recipe, shape ? measured : { matmulGflops: measured.matmulGflops }, shape);
  }

  #speeds(): Record<string, Speed> {
    return this.#options.settings.read(SPEEDS, speedsSchema) ?? {};
  }
}

function done(verdict: Verdict): Packet {
  return { stage: 'done', share: 1, verdict };
}
