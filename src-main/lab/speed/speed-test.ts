/**
 * The speed test: each runtime is measured in an engine process of its own, so that one that fails, or takes its process
 * down, is a result like another. The last report is kept; "auto" computes on what it found fastest.
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
import { LabError } from '../../engine/errors.ts';
import type { SettingsStore } from '../../store/library-store.ts';
import { Changes } from '../changes.ts';
import type { Supervisor } from '../jobs/supervisor.ts';
import { graphicsNames } from './graphics.ts';
import { processorName } from './machine.ts';

/** A runtime that takes longer is of no use. */
const LONGEST_MILLISECONDS = 60_000;
const measuredSchema = speedResultSchema.shape.speed.unwrap();

export class SpeedTest {
  readonly answers: Answers<Pick<typeof speedContract, 'speed' | 'speed.test'>> = {
    speed: { read: () => this.report(), subscribe: (listener) => this.#changes.subscribe(listener) },
    'speed.test': (_, signal) => this.#test(signal),
  };
  readonly #supervisor: Supervisor;
  readonly #store: SettingsStore;
  readonly #threads: () => number;
  readonly #packInUse: () => Packs['inUse'];
  readonly #changes = new Changes();

  /**
   * @param threads of the processor, as set now
   * @param packInUse what TensorFlow would compute with; it is measured where there is something
   */
  constructor(
    supervisor: Supervisor,
    store: SettingsStore,
    threads: () => number,
    packInUse: () => Packs['inUse'] = () => null,
  ) {
    this.#supervisor = supervisor;
    this.#store = store;
    this.#threads = threads;
    this.#packInUse = packInUse;
  }

  report(): SpeedReport | null {
    return this.#store.read('speed', speedReportSchema) ?? null;
  }

  async *#test(signal: AbortSignal): AsyncGenerator<z.infer<(typeof speedContract)['speed.test']['packet']>> {
    const results: SpeedResult[] = [];
    for (const runtime of runtimeSchema.options) {
      if (runtime === 'tensorflow' && this.#packInUse() === null) continue;
      yield { runtime, share: 0, results };
      const device = await this.#deviceOf(runtime);
      for await (const progress of this.#measure(runtime, signal)) {
        if (typeof progress === 'number') yield { runtime, share: progress, results };
        else results.push({ runtime, device, ...progress });
      }
      if (signal.aborted) return;
      yield { runtime, share: 1, results };
    }
    this.#store.write('speed', { measured: new Date().toISOString(), results, fastest: fastestOf(results) });
    this.#changes.tell();
  }

  /** Shares of the way, then what was found. */
  async *#measure(
    runtime: RuntimeChoice,
    signal: AbortSignal,
  ): AsyncGenerator<number | Pick<SpeedResult, 'speed' | 'problem'>> {
    const changes = new Changes();
    let share = 0;
    let timer: NodeJS.Timeout | undefined;
    const job = this.#supervisor.submit(
      { kind: 'speed', runtime, threads: this.#threads() },
      {
        signal,
        onStart: () => {
          timer = setTimeout(() => job.stop(), LONGEST_MILLISECONDS);
        },
        onEvent: (event) => {
          if (event.kind === 'measuring') share = event.share;
          changes.tell();
        },
      },
    );
    const outcome = job.done.then(
      (result) => ({ speed: measuredSchema.parse(result), problem: null }),
      (error: unknown) => ({ speed: null, problem: reasonOf(error) }),
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

  async #deviceOf(runtime: RuntimeChoice): Promise<string> {
    if (runtime === 'cpu' || (runtime === 'tensorflow' && this.#packInUse() !== 'gpu')) {
      const threads = this.#threads();
      return `${processorName()}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
    }
    const names = await graphicsNames();
    return names.length > 0 ? names.join(' or ') : 'no graphics card is known here: the processor plays one';
  }
}

/** The one that trains fastest; the processor where nothing could be measured. */
export function fastestOf(results: readonly SpeedResult[]): RuntimeChoice {
  const rate = ({ speed }: SpeedResult) => speed?.trainedTokensPerSecond ?? 0;
  const [first] = results.toSorted((one, other) => rate(other) - rate(one));
  return first?.speed ? first.runtime : 'cpu';
}

function reasonOf(error: unknown): string {
  if (!(error instanceof LabError)) return 'It failed in a way that the lab did not expect.';
  if (error.code === 'cancelled')
    return 'It is too slow to be of use: the measurement was ended after a minute.';
  return error.message;
}
