/**
 * Runs before they are started: estimated from headers as a person chooses, then checked in an engine process. What a
 * check has measured of a model is kept, so that from then on an estimate can tell the time.
 */
import { statfs } from 'node:fs/promises';
import { z } from 'zod';
import type {
  CheckStage,
  PlanEstimate,
  plansContract,
  Verdict,
  WindowCounts,
} from '../../../src-preload/contract/endpoints/plans.ts';
import { previewSchema } from '../../../src-preload/contract/endpoints/texts.ts';
import type { Answers } from '../../../src-preload/contract/server.ts';
import type { Recipe } from '../../engine/training/recipe.ts';
import type { SettingsStore } from '../../store/library-store.ts';
import { Changes } from '../changes.ts';
import type { Supervisor } from '../jobs/supervisor.ts';
import type { Computing } from '../settings/computing.ts';
import { type CheckResult, checkResultSchema } from './check-result.ts';
import { estimate, type Free, openPlannedModel, type PlannedModel } from './estimate.ts';
import { choicesThatFit, lacking } from './fitting.ts';
import { type Speed, workOf } from './work.ts';

/** By model and what computes: see #key. */
const speedsSchema = z.record(
  z.string(),
  z.object({
    perSecond: z.number().positive(),
    secondsPerWrittenToken: z.number().nonnegative(),
    secondsPerEpoch: z.number().nonnegative(),
    spread: z.number().min(1),
  }),
);
const SPEEDS = 'measured-speeds';
/** Slowest by fastest step: beyond that, something else disturbed the measurement. */
const LARGEST_SPREAD = 2;

interface Packet {
  readonly stage: CheckStage;
  readonly share: number;
  readonly verdict: Verdict | null;
}

export class Plans {
  readonly answers: Answers<typeof plansContract>;
  readonly #supervisor: Supervisor;
  readonly #settings: SettingsStore;
  readonly #free: () => Promise<Free>;
  readonly #computing: () => Computing;

  /**
   * @param free what the computer could give a run now
   * @param computing what runs compute on
   */
  constructor(
    supervisor: Supervisor,
    settings: SettingsStore,
    free: () => Promise<Free>,
    computing: () => Computing,
  ) {
    this.#supervisor = supervisor;
    this.#settings = settings;
    this.#free = free;
    this.#computing = computing;
    this.answers = {
      'plans.estimate': async ({ modelFolder, recipe, windows }) => {
        const model = await openPlannedModel(modelFolder);
        return this.#estimate(model, recipe, windows, await this.#free(), this.#speeds()[this.#key(model)]);
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
    const speed = this.#speeds()[this.#key(model)];
    const before = this.#estimate(model, recipe, windows, await this.#free(), speed);
    // Trying what cannot fit could take the whole computer down.
    if (lacking(before) === 'memory') {
      yield done(this.#judge(model, recipe, windows, before, undefined));
      return;
    }
    const changes = new Changes();
    let now: Packet = { stage: 'waiting', share: 0, verdict: null };
    const job = this.#supervisor.submit(
      { kind: 'check', model: modelFolder, data: dataFile, recipe, ...this.#computing() },
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
      this.#settings.write(SPEEDS, { ...this.#speeds(), [this.#key(model)]: speed });
      const after = this.#estimate(model, recipe, result.windows, await this.#free(), speed);
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
    const { done } = this.#supervisor.submit({ kind: 'preview', model, data, recipe }, { signal });
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
    const estimateOf = (changed: Recipe) => {
      // Shorter pieces are more of them.
      const pieces = Math.floor((windows.train * recipe.windowLength) / changed.windowLength);
      const counts = { ...windows, train: Math.min(changed.windows, pieces) };
      return this.#estimate(model, changed, counts, free, undefined);
    };
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
    return estimate(...asked, this.#computing().runtime);
  }

  #key({ fingerprint }: PlannedModel): string {
    const { runtime, threads } = this.#computing();
    return `${fingerprint} ${runtime} ${threads}`;
  }

  #speeds(): Record<string, Speed> {
    return this.#settings.read(SPEEDS, speedsSchema) ?? {};
  }
}

/** What the computer could give a run whose folder is made in this one. */
export async function freeNow(folder: string): Promise<Free> {
  const { bavail, bsize } = await statfs(folder);
  return { memoryBytes: process.availableMemory(), diskBytes: bavail * bsize };
}

function measuredSpeed({ architecture, layout }: PlannedModel, recipe: Recipe, result: CheckResult): Speed {
  const { step, epochEnd, writtenToken, windows, measuredWindows } = result;
  const work = workOf(architecture, layout, recipe, windows);
  const perSecond = work.step / step.fastest;
  return {
    perSecond,
    secondsPerWrittenToken: writtenToken,
    secondsPerEpoch: Math.max(0, epochEnd.fastest - (measuredWindows * work.window) / perSecond),
    spread: Math.min(LARGEST_SPREAD, step.slowest / step.fastest),
  };
}

function done(verdict: Verdict): Packet {
  return { stage: 'done', share: 1, verdict };
}
