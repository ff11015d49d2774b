/**
 * The speed test: each runtime is measured in an engine process of its own, so that one that fails, or takes its process
 * down, is a result like another. Of a chosen model only the shape is taken, so no engine opens its folder. The last
 * report is kept; "auto" computes on what it found fastest.
 */
import type { z } from 'zod';
import type { Packs } from '../../../src-preload/contract/endpoints/packs.ts';
import {
  type RuntimeChoice,
  runtimeSchema,
  type SpeedReport,
  type SpeedResult,
  type speedContract,
  speedReportSchema,
  speedResultSchema,
} from '../../../src-preload/contract/endpoints/speed.ts';
import type { Answers } from '../../../src-preload/contract/server.ts';
import { recognizeArchitecture } from '../../engine/architectures/recognize.ts';
import { LabError } from '../../engine/errors.ts';
import { type ModelFolder, openModelFolder } from '../../engine/formats/model-folder.ts';
import type { SettingsStore } from '../../store/library-store.ts';
import { Changes } from '../changes.ts';
import { graphicsNames } from '../computer/graphics.ts';
import { processorName } from '../computer/processor.ts';
import type { Job } from '../jobs/job.ts';
import type { Supervisor } from '../jobs/supervisor.ts';
import { countOf } from '../wording.ts';

/** A runtime that takes longer is of no use. */
const LONGEST_MILLISECONDS = 60_000;
const measuredSchema = speedResultSchema.shape.speed.unwrap();
type Measured = z.infer<typeof measuredSchema>;

export interface SpeedTestOptions {
  readonly supervisor: Supervisor;
  readonly store: SettingsStore;
  /** Numbers of threads of the processor to try: the one that is set, or those that may be the fastest. */
  readonly threadCounts: () => Promise<readonly number[]>;
  /** What TensorFlow would compute with; it is measured where there is something. */
  readonly packInUse: () => Packs['inUse'];
  /** Where a model's folder lies now. */
  readonly whereIsModel: (folder: string) => string;
}

export class SpeedTest {
  readonly answers: Answers<Pick<typeof speedContract, 'speed' | 'speed.test'>> = {
    speed: { read: () => this.report(), subscribe: (listener) => this.#changes.subscribe(listener) },
    'speed.test': ({ modelFolder }, signal) => this.#test(modelFolder, signal),
  };
  readonly #options: SpeedTestOptions;
  readonly #changes = new Changes();

  constructor(options: SpeedTestOptions) {
    this.#options = options;
  }

  report(): SpeedReport | null {
    return this.#options.store.read('speed', speedReportSchema) ?? null;
  }

  /** @throws LabError where the lab cannot compute the model */
  async *#test(
    modelFolder: string | null,
    signal: AbortSignal,
  ): AsyncGenerator<z.infer<(typeof speedContract)['speed.test']['packet']>> {
    const folder = modelFolder === null ? null : this.#options.whereIsModel(modelFolder);
    const config = folder === null ? null : await readConfig(folder);
    const results: SpeedResult[] = [];
    for (const runtime of runtimeSchema.options) {
      if (runtime === 'tensorflow' && this.#options.packInUse() === null) continue;
      yield { runtime, share: 0, results };
      const counts = await this.#options.threadCounts();
      const onProcessor = this.#isOnProcessor(runtime);
      const tried: SpeedResult[] = [];
      for (const threads of onProcessor ? counts : counts.slice(0, 1)) {
        const device = onProcessor
          ? `${processorName()}, ${countOf(threads, 'thread')}`
          : await graphicsWords();
        for await (const progress of this.#measure({ runtime, config, threads }, signal)) {
          if (typeof progress === 'number') yield { runtime, share: progress, results };
          else tried.push({ runtime, device, threads: null, ...progress });
        }
        if (signal.aborted) return;
      }
      const best = fastest(tried);
      if (best)
        results.push(tried.length > 1 ? { ...best, threads: counts[tried.indexOf(best)] ?? null } : best);
      yield { runtime, share: 1, results };
    }
    const measured = new Date().toISOString();
    const report: SpeedReport = { measured, modelFolder: folder, results, fastest: fastestOf(results) };
    this.#options.store.write('speed', report);
    this.#changes.tell();
  }

  /** Shares of the way, then what was found. */
  async *#measure(
    asked: Pick<Extract<Job, { kind: 'speed' }>, 'runtime' | 'config' | 'threads'>,
    signal: AbortSignal,
  ): AsyncGenerator<number | Pick<SpeedResult, 'speed' | 'problem'>> {
    const changes = new Changes();
    let share = 0;
    let trained: Measured | null = null;
    let timer: NodeJS.Timeout | undefined;
    const job = this.#options.supervisor.submit(
      { kind: 'speed', of: 'all', ...asked },
      {
        signal,
        onStart: () => {
          timer = setTimeout(() => job.stop(), LONGEST_MILLISECONDS);
        },
        onEvent: (event) => {
          if (event.kind === 'measuring') share = event.share;
          if (event.kind === 'trained')
            trained = measuredSchema.parse({ ...event, writtenTokensPerSecond: null });
          changes.tell();
        },
      },
    );
    const outcome = job.done.then(
      (result) => ({ speed: measuredSchema.parse(result), problem: null }),
      (error: unknown) => ({ speed: trained, problem: reasonOf(error, trained) }),
    );
    try {
      for (;;) {
        const found = await Promise.race([outcome, changes.next(signal)]);
        if (found) yield found;
        if (found || signal.aborted) return;
        yield share;
      }
    } finally {
      clearTimeout(timer);
      job.stop();
    }
  }

  #isOnProcessor(runtime: RuntimeChoice): boolean {
    return runtime === 'cpu' || (runtime === 'tensorflow' && this.#options.packInUse() !== 'gpu');
  }
}

async function graphicsWords(): Promise<string> {
  const names = await graphicsNames();
  return names.length > 0 ? names.join(' or ') : 'no graphics card is known here: the processor plays one';
}

/** The one that trains fastest; the processor where nothing could be measured. */
export function fastestOf(results: readonly SpeedResult[]): RuntimeChoice {
  const first = fastest(results);
  return first?.speed ? first.runtime : 'cpu';
}

/** Of several that are as fast, the first. */
function fastest(results: readonly SpeedResult[]): SpeedResult | undefined {
  const rate = ({ speed }: SpeedResult) => speed?.trainedTokensPerSecond ?? 0;
  return results.toSorted((one, other) => rate(other) - rate(one))[0];
}

function reasonOf(error: unknown, trained: Measured | null): string {
  if (!(error instanceof LabError)) return 'It failed in a way that the lab did not expect.';
  if (error.code !== 'cancelled') return error.message;
  return trained
    ? 'The minute that each has was over before this was measured.'
    : 'It is too slow to be of use: the measurement was ended after a minute.';
}

/** Only headers are read beside it: a model that cannot be used is refused before anything is measured. */
async function readConfig(path: string): Promise<ModelFolder['config']> {
  const folder = await openModelFolder(path);
  try {
    recognizeArchitecture(folder.config);
    return folder.config;
  } finally {
    await folder.close();
  }
}
