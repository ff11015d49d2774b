/**
 * How fast a runtime is at what the lab does: real training steps, writing, and the product of matrices under both. The
 * model is small and always the same, so that figures of runtimes and computers can be compared, or has the shape of one
 * that a person has chosen. Its weights are random, and made when they are needed.
 */

import { Decoder } from '../generation/decoder.ts';
import { GREEDY } from '../generation/decoding.ts';
import { buildGraph } from '../graph/graph.ts';
import { input, matmul } from '../graph/ops.ts';
import { elementCount } from '../graph/value.ts';
import { randomModel, randomWindows } from '../model/random-model.ts';
import type { Weights } from '../model/weights.ts';
import { Random } from '../random.ts';
import type { DeviceTensor, Runtime } from '../runtimes/runtime.ts';
import { findRecipe } from '../training/recipe.ts';
import { Trainer } from '../training/trainer.ts';
import { planTraining, type TrainingPlan } from '../training/training-graph.ts';
import { feedTokens, type WindowFeed, type Windows } from '../training/window-feed.ts';
import {
  amountFor,
  checkFits,
  missingBytes,
  trainingBytes,
  trainingOperations,
  writingOperations,
} from './amount.ts';
import { LATE_STAGE, LATE_STAGE_BLOCKS, SMALL_MODEL } from './measured-models.ts';

export interface TrainingSpeed {
  /** Billions of float32 multiplications and additions a second, of square matrices. */
  readonly matmulGflops: number;
  /** Tokens a second that full fine-tuning of the small model, or Late-Stage LoRA of the chosen one, learns from. */
  readonly trainedTokensPerSecond: number;
}

export interface Speed extends TrainingSpeed {
  /** Tokens that the model writes in a second, all texts of a batch together. */
  readonly writtenTokensPerSecond: number;
}

export interface SpeedOptions {
  /** The model's, as in its config.json; the small model without it. */
  readonly config?: Readonly<Record<string, unknown>> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Share of the measurement that is done, 0 to 1. */
  readonly onProgress?: ((share: number) => void) | undefined;
  /** Comes before writing is measured, which takes the whole model and may fail where training did not. */
  readonly onTrained?: (speed: TrainingSpeed) => void;
  /** How long each of the three parts is measured, about. */
  readonly seconds?: number;
  /** Bytes that a chosen model must fit into. */
  readonly freeMemory?: () => number;
}

const MATRIX = 1024;
/** Products of such random matrices neither grow nor vanish. */
const EVEN_SCALE = Math.sqrt(12 / MATRIX);

/** @throws LabError 'out-of-memory' where a chosen model's part that is measured next does not fit into free memory */
export async function measureSpeed(runtime: Runtime, options: SpeedOptions = {}): Promise<Speed> {
  const { config, signal, onProgress, onTrained, seconds = 2 } = options;
  const { freeMemory = () => process.availableMemory() } = options;
  const random = new Random(1);
  const { architecture, weights } = randomModel(config ?? SMALL_MODEL, runtime, random);
  const { blocks, contextLength, vocabularySize } = architecture.geometry;
  try {
    const matmulGflops = await measureProducts(runtime, {
      ...{ seconds, signal },
      onProgress: (share) => onProgress?.(share / 3),
    });
    const trainedTokensPerSecond = await measureTraining(matmulGflops);
    onTrained?.({ matmulGflops, trainedTokensPerSecond });
    const writtenTokensPerSecond = await measureWriting(matmulGflops);
    return { matmulGflops, trainedTokensPerSecond, writtenTokensPerSecond };
  } finally {
    await weights.release();
  }

  async function measureTraining(gflops: number): Promise<number> {
    const { settings } = findRecipe(LATE_STAGE);
    const late = Array.from({ length: blocks }, (_, block) => block).slice(-LATE_STAGE_BLOCKS);
    const scope = config ? ({ kind: 'adapter', blocks: late } as const) : ({ kind: 'full' } as const);
    const plan = planTraining(architecture, scope, settings);
    const { batch, window } = amountFor(trainingOperations(weights, plan), gflops, contextLength);
    if (config) {
      const bytes = trainingBytes(weights, plan, { batch, length: window });
      checkFits('A training step of this model', bytes, freeMemory());
    }
    const windows = randomWindows(random, { vocabularySize, length: window, count: batch });
    return (batch * window) / (await measure(1, await steps(plan, weights, windows, random)));
  }

  async function measureWriting(gflops: number): Promise<number> {
    const { batch, promptTokens, newTokens } = amountFor(
      writingOperations(weights.layout),
      gflops,
      contextLength,
    );
    if (config) checkFits('To write, the whole model', missingBytes(weights), freeMemory());
    // Of a large model that takes a while, in which it can be stopped.
    for (const name of weights.shapes.keys()) {
      signal?.throwIfAborted();
      await weights.tensor(name);
    }
    const prompts = randomWindows(random, { vocabularySize, length: promptTokens, count: batch });
    return (batch * newTokens) / (await measure(2, texts(prompts, newTokens)));
  }

  function measure(part: number, repeated: Repeated): Promise<number> {
    return secondsOf(repeated, seconds, { signal, onProgress: (share) => onProgress?.((part + share) / 3) });
  }

  function texts(prompts: Windows, maxNewTokens: number): Repeated {
    const decoder = new Decoder(architecture, weights);
    const settings = { decoding: GREEDY, seed: 1, endOfText: [], atEnd: 'forbid', signal } as const;
    return {
      once: () =>
        decoder.generate(
          prompts.map((prompt) => [...prompt]),
          { ...settings, maxNewTokens },
        ),
      end: () => decoder.release(),
    };
  }
}

/** Billions of float32 multiplications and additions a second, of square matrices. */
export async function measureProducts(
  runtime: Runtime,
  { seconds = 2, signal, onProgress }: Pick<SpeedOptions, 'seconds' | 'signal' | 'onProgress'> = {},
): Promise<number> {
  const repeated = await products(runtime, new Random(1));
  return (2 * MATRIX ** 3) / (await secondsOf(repeated, seconds, { signal, onProgress })) / 1e9;
}

interface Repeated {
  once(): Promise<unknown>;
  /** For what was only begun, where the device works on its own. */
  wait?(): Promise<unknown>;
  end(): Promise<void>;
}

/** Seconds of one repeat: of twice as many each time, until they take long enough to be timed. */
async function secondsOf(
  { once, wait, end }: Repeated,
  seconds: number,
  { signal, onProgress }: Pick<SpeedOptions, 'signal' | 'onProgress'>,
): Promise<number> {
  try {
    // The first is left out: it is then that things are compiled and moved.
    await once();
    await wait?.();
    for (let repeats = 1; ; repeats *= 2) {
      const started = performance.now();
      for (let done = 0; done < repeats; done++) {
        signal?.throwIfAborted();
        await once();
      }
      await wait?.();
      const taken = (performance.now() - started) / 1000;
      const enough = taken >= seconds / 2;
      onProgress?.(enough ? 1 : taken / seconds);
      if (enough) return taken / repeats;
    }
  } finally {
    await end();
  }
}

async function steps(
  plan: TrainingPlan,
  weights: Weights,
  windows: Windows,
  random: Random,
): Promise<Repeated> {
  const trainer = await Trainer.create({
    plan,
    weights,
    shape: { batch: windows.length, length: windows[0]!.length },
    optimizer: { optimizer: 'adam', weightDecay: 0, gradientClipping: null },
    seed: 1,
  });
  const feed =
    plan.firstBlock === 0
      ? feedTokens(weights.runtime, windows)
      : feedRandom(weights.runtime, windows, plan.architecture.geometry.width, random);
  const places = windows.map((_, place) => place);
  return {
    once: () => trainer.step(feed, windows, places, 1e-5),
    end: () => trainer.release(),
  };
}

/** Random hidden states instead of what the frozen blocks would make of the windows: they need not be there. */
function feedRandom(runtime: Runtime, windows: Windows, width: number, random: Random): WindowFeed {
  const shape = [windows.length * windows[0]!.length, width];
  const states = Float32Array.from({ length: elementCount(shape) }, () => 2 * random.uniform() - 1);
  return {
    batch: async () => ({ hidden: runtime.upload(states, shape) }),
    close: async () => {},
  };
}

/** A product of the product before, and so on: reading the last waits for all. */
async function products(runtime: Runtime, random: Random): Promise<Repeated> {
  const shape = [MATRIX, MATRIX];
  const [first, second] = [input('first', shape), input('second', shape)];
  const program = await runtime.compile(buildGraph({ product: matmul(first, second) }));
  const numbers = Float32Array.from({ length: MATRIX ** 2 }, () => (random.uniform() - 0.5) * EVEN_SCALE);
  const factor = runtime.upload(numbers, shape);
  let last: DeviceTensor = runtime.upload(numbers, shape);
  return {
    once: async () => {
      const { product } = await program.run({ first: last, second: factor });
      last.release();
      last = product!;
    },
    wait: () => last.read(),
    end: async () => {
      last.release();
      factor.release();
      await program.release();
    },
  };
}
