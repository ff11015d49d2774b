/**
 * How fast a runtime is at what the lab does: real training steps, writing, and the product of matrices under both. The
 * model is small and always the same, so that figures of runtimes and computers can be compared; its weights are random.
 */

import type { Architecture } from '../architectures/architecture.ts';
import { Decoder } from '../generation/decoder.ts';
import { GREEDY } from '../generation/decoding.ts';
import { buildGraph } from '../graph/graph.ts';
import { input, matmul } from '../graph/ops.ts';
import { randomModel, randomWindows } from '../model/random-model.ts';
import type { Weights } from '../model/weights.ts';
import { Random } from '../random.ts';
import type { DeviceTensor, Runtime } from '../runtimes/runtime.ts';
import { parseScope } from '../training/scope.ts';
import { Trainer } from '../training/trainer.ts';
import { planTraining } from '../training/training-graph.ts';
import { feedTokens } from '../training/window-feed.ts';

export interface Speed {
  /** Tokens that full fine-tuning of the small model learns from in a second. */
  readonly trainedTokensPerSecond: number;
  /** Tokens that the small model writes in a second, all texts of a batch together. */
  readonly writtenTokensPerSecond: number;
  /** Billions of float32 multiplications and additions a second, of square matrices. */
  readonly matmulGflops: number;
}

export interface SpeedOptions {
  readonly signal?: AbortSignal | undefined;
  /** Share of the measurement that is done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
  /** How long each of the three parts is measured, about. */
  readonly seconds?: number;
}

/** 5 million parameters, as TinyLlama is built. */
const MODEL = {
  ...{ model_type: 'llama', vocab_size: 4096, hidden_size: 256, intermediate_size: 704 },
  ...{ num_hidden_layers: 4, num_attention_heads: 8, num_key_value_heads: 4 },
  ...{ max_position_embeddings: 256, rms_norm_eps: 1e-5, rope_theta: 10_000 },
  ...{ hidden_act: 'silu', tie_word_embeddings: true },
};
/** What is done at once; much less where products are slow, such as on a graphics card that the processor only plays. */
const AMOUNT = { batch: 8, window: 128, newTokens: 32 };
const SMALL_AMOUNT = { batch: 1, window: 64, newTokens: 8 };
const SLOW_GFLOPS = 5;
const PROMPT_TOKENS = 32;
const NO_ADAPTER = { rank: 1, alpha: 1, targetModules: 'all' } as const;
const MATRIX = 1024;
/** Products of such random matrices neither grow nor vanish. */
const EVEN_SCALE = Math.sqrt(12 / MATRIX);

export async function measureSpeed(runtime: Runtime, options: SpeedOptions = {}): Promise<Speed> {
  const { signal, onProgress, seconds = 2 } = options;
  const random = new Random(1);
  const { architecture, weights } = randomModel(MODEL, runtime, random);
  try {
    const matmulGflops = (2 * MATRIX ** 3) / (await measure(0, await products(runtime, random))) / 1e9;
    const amount = matmulGflops < SLOW_GFLOPS ? SMALL_AMOUNT : AMOUNT;
    const windows = randomWindows(random, {
      ...{ vocabularySize: MODEL.vocab_size, length: amount.window, count: amount.batch },
    });
    const stepSeconds = await measure(1, await steps(architecture, weights, windows));
    const writeSeconds = await measure(2, texts(windows, amount.newTokens));
    return {
      matmulGflops,
      trainedTokensPerSecond: (amount.batch * amount.window) / stepSeconds,
      writtenTokensPerSecond: (amount.batch * amount.newTokens) / writeSeconds,
    };
  } finally {
    await weights.release();
  }

  /** Seconds of one repeat: of twice as many each time, until they take long enough to be timed. */
  async function measure(part: number, { once, wait, end }: Repeated): Promise<number> {
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
        onProgress?.((part + (enough ? 1 : taken / seconds)) / 3);
        if (enough) return taken / repeats;
      }
    } finally {
      await end();
    }
  }

  function texts(windows: readonly Int32Array[], maxNewTokens: number): Repeated {
    const decoder = new Decoder(architecture, weights);
    const prompts = windows.map((window) => [...window.subarray(0, PROMPT_TOKENS)]);
    const settings = { decoding: GREEDY, seed: 1, endOfText: [], atEnd: 'forbid', signal } as const;
    return {
      once: () => decoder.generate(prompts, { ...settings, maxNewTokens }),
      end: () => decoder.release(),
    };
  }
}

interface Repeated {
  once(): Promise<unknown>;
  /** For what was only begun, where the device works on its own. */
  wait?(): Promise<unknown>;
  end(): Promise<void>;
}

async function steps(
  architecture: Architecture,
  weights: Weights,
  windows: readonly Int32Array[],
): Promise<Repeated> {
  const trainer = await Trainer.create({
    plan: planTraining(architecture, parseScope('full', architecture.geometry), NO_ADAPTER),
    weights,
    shape: { batch: windows.length, length: windows[0]!.length },
    optimizer: { optimizer: 'adam', weightDecay: 0, gradientClipping: null },
    seed: 1,
  });
  const feed = feedTokens(weights.runtime, windows);
  const places = windows.map((_, place) => place);
  return {
    once: () => trainer.step(feed, windows, places, 1e-5),
    end: () => trainer.release(),
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
