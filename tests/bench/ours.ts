/**
 * node ours.ts MEASUREMENT RUNTIME: the lab's side of the comparison, one measurement in a process of its own. The model has
 * random weights: numbers do not change how long they take.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Decoder } from '../../src-main/engine/generation/decoder.ts';
import { GREEDY } from '../../src-main/engine/generation/decoding.ts';
import { randomModel, randomWindows } from '../../src-main/engine/model/random-model.ts';
import { Random } from '../../src-main/engine/random.ts';
import { FrozenPrefix } from '../../src-main/engine/training/frozen-prefix.ts';
import { openPrefixCache } from '../../src-main/engine/training/prefix-cache.ts';
import { parseScope } from '../../src-main/engine/training/scope.ts';
import { Trainer } from '../../src-main/engine/training/trainer.ts';
import { planTraining } from '../../src-main/engine/training/training-graph.ts';
import { feedTokens } from '../../src-main/engine/training/window-feed.ts';
import { openRuntimeHere } from '../../src-main/lab/packs/open-runtime.ts';
import { type Measurement, measurementSchema, median, type Result } from './measurement.ts';

const LORA = { rank: 16, alpha: 32, targetModules: 'all' } as const;
const ADAM = { optimizer: 'adam', weightDecay: 0, gradientClipping: null } as const;
const LEARNING_RATE = 1e-4;
const SEED = 1;

type Of<Kind extends Measurement['kind']> = Extract<Measurement, { kind: Kind }>;
type Answer = Pick<Result, 'seconds' | 'preparationSeconds' | 'loss'>;

const random = new Random(SEED);
const [asked = '', runtimeName = 'cpu'] = process.argv.slice(2);
const runtime = await openRuntimeHere(runtimeName);
const measurement = measurementSchema.parse(JSON.parse(asked));
const librariesMiB = peakMiB();
const answer = await measure(measurement);
const result: Result = {
  ...answer,
  peakMiB: peakMiB(),
  librariesMiB,
  software: `Node ${process.versions.node}, ${runtime.description}`,
};
process.stdout.write(`${JSON.stringify(result)}\n`);

function measure(asked: Measurement): Promise<Answer> {
  switch (asked.kind) {
    case 'step':
      return measureStep(asked);
    case 'course':
      return measureCourse(asked);
    case 'decode':
      return measureDecoding(asked);
  }
}

async function measureStep(asked: Of<'step'>): Promise<Answer> {
  const { architecture, weights } = randomModel(asked.model, runtime, random);
  const windows = tokenWindows(asked, asked.batch);
  const started = performance.now();
  const trainer = await Trainer.create({
    plan: planTraining(architecture, parseScope(asked.scope, architecture.geometry), LORA),
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
  return { seconds: median(seconds), preparationSeconds, loss };
}

/** As hyperfit.ts does it: prefix, its cache, trainer, and then epoch after epoch. */
async function measureCourse(asked: Of<'course'>): Promise<Answer> {
  const { architecture, weights } = randomModel(asked.model, runtime, random);
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
    for (let epoch = 0; epoch < asked.epochs; epoch++) {
      const order = random.shuffled(all);
      for (let start = 0; start + asked.batch <= windows.length; start += asked.batch) {
        const places = order.slice(start, start + asked.batch);
        ({ loss } = await trainer.step(feed, windows, places, LEARNING_RATE));
      }
    }
    const seconds = secondsSince(started);
    await feed.close();
    return { seconds, preparationSeconds, loss };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureDecoding(asked: Of<'decode'>): Promise<Answer> {
  const { architecture, weights } = randomModel(asked.model, runtime, random);
  const prompts = tokenWindows({ ...asked, length: asked.promptTokens }, asked.prompts);
  const decoder = new Decoder(architecture, weights);
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
  return { seconds: median(seconds), preparationSeconds, loss: null };
}

function tokenWindows({ model, length }: Pick<Of<'step'>, 'model' | 'length'>, count: number) {
  return randomWindows(random, { vocabularySize: model.vocab_size, length, count });
}

function peakMiB(): number {
  return process.resourceUsage().maxRSS / 1024;
}

function secondsSince(started: number): number {
  return (performance.now() - started) / 1000;
}
