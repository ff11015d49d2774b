/**
 * node ours.ts MEASUREMENT RUNTIME PRODUCTS: the lab's side of the comparison, one measurement in a process of its own. Models are
 * read from their files (random-models.ts), as any other model is.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { recognizeArchitecture } from '../../src-main/engine/architectures/recognize.ts';
import { openModelFolder } from '../../src-main/engine/formats/model-folder.ts';
import { Decoder } from '../../src-main/engine/generation/decoder.ts';
import { GREEDY } from '../../src-main/engine/generation/decoding.ts';
import { buildGraph } from '../../src-main/engine/graph/graph.ts';
import { input, matmul } from '../../src-main/engine/graph/ops.ts';
import { optimize } from '../../src-main/engine/graph/optimize.ts';
import { productOperations } from '../../src-main/engine/graph/product-operations.ts';
import { randomWindows } from '../../src-main/engine/model/random-model.ts';
import { Weights } from '../../src-main/engine/model/weights.ts';
import { Random } from '../../src-main/engine/random.ts';
import { PRODUCTS } from '../../src-main/engine/runtimes/runtime.ts';
import { measureSpeed } from '../../src-main/engine/speed/measure-speed.ts';
import { FrozenPrefix } from '../../src-main/engine/training/frozen-prefix.ts';
import { openPrefixCache } from '../../src-main/engine/training/prefix-cache.ts';
import { parseScope } from '../../src-main/engine/training/scope.ts';
import { Trainer } from '../../src-main/engine/training/trainer.ts';
import { planTraining, trainingGraph } from '../../src-main/engine/training/training-graph.ts';
import { feedTokens, type WindowFeed, type Windows } from '../../src-main/engine/training/window-feed.ts';
import { openRuntimeHere } from '../../src-main/lab/packs/open-runtime.ts';
import { type LlamaSize, type Measurement, measurementSchema, median, type Result } from './measurement.ts';
import { randomModelFolder } from './random-models.ts';

const LORA = { rank: 16, alpha: 32, targetModules: 'all' } as const;
const ADAM = { optimizer: 'adam', weightDecay: 0, gradientClipping: null } as const;
const LEARNING_RATE = 1e-4;
const SEED = 1;

type Of<Kind extends Measurement['kind']> = Extract<Measurement, { kind: Kind }>;
type Answer = Pick<Result, 'seconds'> & Partial<Result>;

const random = new Random(SEED);
const [asked = '', runtimeName = 'cpu', products] = process.argv.slice(2);
const measurement = measurementSchema.parse(JSON.parse(asked));
const runtime = await openRuntimeHere(runtimeName, { products: z.enum(PRODUCTS).optional().parse(products) });
const librariesMiB = peakMiB();
const answer = await measure(measurement);
const result: Result = {
  ...{ preparationSeconds: 0, operations: null, loss: null, librariesMiB },
  ...answer,
  peakMiB: peakMiB(),
  software: `Node ${process.versions.node}, ${runtime.description}`,
};
process.stdout.write(`${JSON.stringify(result)}\n`);

function measure(asked: Measurement): Promise<Answer> {
  switch (asked.kind) {
    case 'step':
      return measureStep(asked);
    case 'course':
      return measureCourse(asked);
    case 'prefix':
      return measurePrefix(asked);
    case 'decode':
      return measureDecoding(asked);
    case 'product':
      return measureProduct(asked);
    case 'speed':
      return measureTrainingSpeed(asked);
  }
}

async function measureStep(asked: Of<'step'>): Promise<Answer> {
  const { architecture, weights } = await openModel(asked.model);
  const windows = tokenWindows(asked, asked.batch);
  const started = performance.now();
  const plan = planTraining(architecture, parseScope(asked.scope, architecture.geometry), LORA);
  const trainer = await Trainer.create({
    plan,
    weights,
    shape: asked,
    optimizer: ADAM,
    seed: SEED,
  });
  const feed = feedTokens(runtime, windows);
  const places = windows.map((_, place) => place);
  const step = () => trainer.step(feed, windows, places, LEARNING_RATE);
  for (let warmup = 0; warmup < asked.warmups; warmup++) await step();
  const preparationSeconds = secondsSince(started);
  const seconds: number[] = [];
  let loss = 0;
  for (let repeat = 0; repeat < asked.repeats; repeat++) {
    const begun = performance.now();
    ({ loss } = await step());
    seconds.push(secondsSince(begun));
  }
  const operations = productOperations(optimize(trainingGraph(plan, asked).graph));
  return { seconds: median(seconds), preparationSeconds, operations, loss };
}

/** As hyperfit.ts does it: prefix, its cache, trainer, and then epoch after epoch. */
async function measureCourse(asked: Of<'course'>): Promise<Answer> {
  const { architecture, weights } = await openModel(asked.model);
  const windows = tokenWindows(asked, asked.windows);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'hyperfit-bench-'));
  try {
    const started = performance.now();
    const plan = planTraining(architecture, parseScope(asked.scope, architecture.geometry), LORA);
    const prefix = await FrozenPrefix.create(architecture, weights, plan.firstBlock, asked);
    const cache = path.join(folder, 'prefix.cache');
    const feed = await openPrefixCache({
      ...{ prefix, windows, runtime, path: cache },
      ...{ fingerprint: 'bench', precision: 'float32' },
    });
    const trainer = await Trainer.create({ plan, weights, shape: asked, optimizer: ADAM, seed: SEED });
    const preparationSeconds = secondsSince(started);
    const all = windows.map((_, place) => place);
    let loss = 0;
    const epochs: number[] = [];
    for (let epoch = 0; epoch < asked.measuredEpochs; epoch++) {
      const begun = performance.now();
      const order = random.shuffled(all);
      for (let start = 0; start + asked.batch <= windows.length; start += asked.batch) {
        const places = order.slice(start, start + asked.batch);
        ({ loss } = await trainer.step(feed, windows, places, LEARNING_RATE));
      }
      epochs.push(secondsSince(begun));
    }
    const unmeasured = (asked.epochs - asked.measuredEpochs) * epochs.at(-1)!;
    const seconds = secondsSince(started) + unmeasured;
    await feed.close();
    return { seconds, preparationSeconds, loss };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The windows through block after block, with reading the blocks and writing the cache. */
async function measurePrefix(asked: Of<'prefix'>): Promise<Answer> {
  const { architecture, weights } = await openModel(asked.model);
  const windows = tokenWindows(asked, asked.windows);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'hyperfit-bench-'));
  try {
    const started = performance.now();
    const prefix = await FrozenPrefix.create(architecture, weights, asked.blocks, asked);
    const pass = async (number: number) => {
      const begun = performance.now();
      const feed = await openCache(prefix, windows, path.join(folder, `prefix-${number}.cache`));
      await feed.close();
      return secondsSince(begun);
    };
    await pass(0);
    const preparationSeconds = secondsSince(started);
    const seconds: number[] = [];
    for (let repeat = 1; repeat <= asked.repeats; repeat++) seconds.push(await pass(repeat));
    return { seconds: median(seconds), preparationSeconds };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureDecoding(asked: Of<'decode'>): Promise<Answer> {
  const { architecture, weights } = await openModel(asked.model);
  const prompts = tokenWindows({ ...asked, length: asked.promptTokens }, asked.prompts);
  const decoder = new Decoder(architecture, weights, asked.precision);
  const generate = async () => {
    const begun = performance.now();
    const texts = await decoder.generate(
      prompts.map((prompt) => [...prompt]),
      {
        maxNewTokens: asked.newTokens,
        decoding: GREEDY,
        seed: SEED,
        endOfText: [],
        atEnd: 'forbid',
      },
    );
    const seconds = secondsSince(begun);
    if (texts.some(({ length }) => length !== asked.newTokens))
      throw new Error('A text has another length than asked for.');
    return seconds;
  };
  const preparationSeconds = await generate();
  const seconds: number[] = [];
  for (let repeat = 0; repeat < asked.repeats; repeat++) seconds.push(await generate());
  return { seconds: median(seconds), preparationSeconds };
}

/** A product of the product before, and so on: reading the last waits for all. */
async function measureProduct({ sizes, seconds }: Of<'product'>): Promise<Answer> {
  const found: { readonly seconds: number; readonly operations: number }[] = [];
  for (const size of sizes) {
    const shape = [size, size];
    const graph = buildGraph({ product: matmul(input('first', shape), input('second', shape)) });
    const program = await runtime.compile(graph);
    // Products of such random matrices neither grow nor vanish.
    const scale = Math.sqrt(12 / size);
    const numbers = Float32Array.from({ length: size ** 2 }, () => (random.uniform() - 0.5) * scale);
    const factor = runtime.upload(numbers, shape);
    let last = runtime.upload(numbers, shape);
    const multiply = async (times: number) => {
      const begun = performance.now();
      for (let done = 0; done < times; done++) {
        const { product } = await program.run({ first: last, second: factor });
        last.release();
        last = product!;
      }
      await last.read();
      return secondsSince(begun);
    };
    await multiply(1);
    const times = Math.max(1, Math.ceil(seconds / (await multiply(1))));
    found.push({ seconds: (await multiply(times)) / times, operations: productOperations(graph) });
    for (const tensor of [last, factor]) tensor.release();
    await program.release();
  }
  const speed = (one: (typeof found)[number]) => one.operations / one.seconds;
  return found.toSorted((one, other) => speed(other) - speed(one))[0]!;
}

/** As the lab measures it when it chooses a runtime by itself. */
async function measureTrainingSpeed({ seconds }: Of<'speed'>): Promise<Answer> {
  const { trainedTokensPerSecond } = await measureSpeed(runtime, { seconds });
  return { seconds: 1 / trainedTokensPerSecond };
}

async function openModel(size: LlamaSize) {
  const folder = await openModelFolder(randomModelFolder(size));
  const architecture = recognizeArchitecture(folder.config);
  return { architecture, weights: new Weights(folder, architecture, runtime) };
}

function openCache(prefix: FrozenPrefix, windows: Windows, file: string): Promise<WindowFeed> {
  const usual = { runtime, fingerprint: 'bench', precision: 'float32' } as const;
  return openPrefixCache({ prefix, windows, path: file, ...usual });
}

function tokenWindows({ model, length }: Pick<Of<'step'>, 'model' | 'length'>, count: number) {
  return randomWindows(random, { vocabularySize: model.vocabulary, length, count });
}

function peakMiB(): number {
  return process.resourceUsage().maxRSS / 1024;
}

function secondsSince(started: number): number {
  return (performance.now() - started) / 1000;
}
