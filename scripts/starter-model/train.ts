/**
 * Pretrains the starter model with the lab's own engine, on stories that the corpus generator writes.
 *
 *   node scripts/starter-model/train.ts [--tokens N] [--rate R] [--seed S] [--out DIR] [--continue]
 *
 * Writes a Hugging Face folder (weights in float16) beside the tokenizer, and the curve of the training as
 * training-curve.csv. A snapshot is written every few minutes; --continue goes on from the one in the folder, with a
 * fresh optimizer and schedule, and goes on with the curve. Give it another seed, or it sees the same stories again.
 */
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { recognizeArchitecture } from '../../src-main/engine/architectures/recognize.ts';
import { openModelFolder } from '../../src-main/engine/formats/model-folder.ts';
import { writeSafetensors } from '../../src-main/engine/formats/safetensors.ts';
import { elementCount, type Shape } from '../../src-main/engine/graph/value.ts';
import { allParameters, parameterLayout } from '../../src-main/engine/model/parameters.ts';
import { Weights } from '../../src-main/engine/model/weights.ts';
import { Random } from '../../src-main/engine/random.ts';
import { CpuRuntime } from '../../src-main/engine/runtimes/onnxruntime/cpu-runtime.ts';
import { loadTokenizer } from '../../src-main/engine/text/tokenizer.ts';
import { learningRateAt } from '../../src-main/engine/training/schedule.ts';
import { Trainer } from '../../src-main/engine/training/trainer.ts';
import { planTraining } from '../../src-main/engine/training/training-graph.ts';
import { feedTokens } from '../../src-main/engine/training/window-feed.ts';
import { stories } from './corpus/story.ts';

const CONFIG = {
  architectures: ['LlamaForCausalLM'],
  model_type: 'llama',
  hidden_size: 128,
  intermediate_size: 352,
  num_hidden_layers: 8,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  vocab_size: 2048,
  max_position_embeddings: 512,
  rms_norm_eps: 1e-5,
  rope_theta: 10000,
  hidden_act: 'silu',
  tie_word_embeddings: true,
  bos_token_id: 0,
  eos_token_id: 0,
  torch_dtype: 'float16',
};
const SHAPE = { batch: 4, length: 512 };
const WARMUP_STEPS = 50;
const OPTIMIZER = { optimizer: 'adamw', weightDecay: 0.05, gradientClipping: 1 } as const;
/** Standard deviation of new weights; what a block adds to the stream is scaled down by the depth (GPT-2). */
const NEW_WEIGHT_SPREAD = 0.03;
const HELD_OUT_WINDOWS = 24;
const REPORT_STEPS = 50;
const SNAPSHOT_STEPS = 400;

const { values } = parseArgs({
  options: {
    tokens: { type: 'string', default: '6000000' },
    rate: { type: 'string', default: '2e-3' },
    seed: { type: 'string', default: '1' },
    continue: { type: 'boolean', default: false },
    out: { type: 'string', default: 'resources/starter-model' },
  },
});
const steps = Math.ceil(Number(values.tokens) / (SHAPE.batch * SHAPE.length));
const seed = Number(values.seed);
const schedule = {
  schedule: 'cosine',
  learningRate: Number(values.rate),
  warmupSteps: WARMUP_STEPS,
} as const;

const tokenizer = await loadTokenizer(values.out, CONFIG.vocab_size);
/** One long stream of stories, each begun by the beginning-of-text token; every token is seen once. */
const stream = tokenWindows(steps * SHAPE.batch + HELD_OUT_WINDOWS);
const heldOut = Array.from({ length: HELD_OUT_WINDOWS }, () => stream.next().value!);

const architecture = recognizeArchitecture(CONFIG);
const runtime = new CpuRuntime();
const source = values.continue
  ? await openModelFolder(values.out)
  : newWeights(allParameters(parameterLayout(architecture)));
const trainer = await Trainer.create({
  plan: planTraining(architecture, { kind: 'full' }, { rank: 1, alpha: 1, targetModules: 'all' }),
  weights: new Weights(source, architecture, runtime),
  shape: SHAPE,
  optimizer: OPTIMIZER,
  seed,
});
const parameters = [...trainer.shapes.values()].reduce((sum, shape) => sum + elementCount(shape), 0);
console.log(`${parameters} parameters, ${steps} steps of ${SHAPE.batch} × ${SHAPE.length} tokens`);

await writeFile(path.join(values.out, 'config.json'), `${JSON.stringify(CONFIG, null, 2)}\n`);
await writeFile(
  path.join(values.out, 'generation_config.json'),
  `${JSON.stringify({ bos_token_id: 0, eos_token_id: 0 }, null, 2)}\n`,
);
const curve = path.join(values.out, 'training-curve.csv');
if (!values.continue) await writeFile(curve, 'step,tokens,train_loss,held_out_loss\n');
/** Steps of earlier stages, which the curve tells. */
const before = Number.parseInt((await readFile(curve, 'utf8')).trim().split('\n').at(-1)!, 10) || 0;
const started = performance.now();
let recent = 0;
for (let step = 1; step <= steps; step++) {
  const windows = Array.from({ length: SHAPE.batch }, () => stream.next().value!);
  const feed = feedTokens(runtime, windows);
  const places = windows.map((_, place) => place);
  const { loss } = await trainer.step(feed, windows, places, learningRateAt(step, steps, schedule));
  recent += loss;
  const last = step === steps;
  if (step % REPORT_STEPS === 0 || last) {
    const measured = step % SNAPSHOT_STEPS === 0 || last;
    const validation = measured
      ? (await trainer.evaluate(feedTokens(runtime, heldOut), heldOut)).loss
      : undefined;
    const tokensPerStep = SHAPE.batch * SHAPE.length;
    const total = before + step;
    const mean = recent / (step % REPORT_STEPS || REPORT_STEPS);
    recent = 0;
    await appendFile(
      curve,
      `${total},${total * tokensPerStep},${mean.toFixed(4)},${validation?.toFixed(4) ?? ''}\n`,
    );
    const speed = (step * tokensPerStep) / ((performance.now() - started) / 1000);
    console.log(
      `step ${step}/${steps} loss ${mean.toFixed(3)} held-out ${validation?.toFixed(3) ?? '-'} ${speed.toFixed(0)} tokens/s`,
    );
    if (measured) await save();
  }
}
await trainer.release();

async function save(): Promise<void> {
  const tensors = [];
  for (const [name, tensor] of trainer.trainables) {
    tensors.push({
      name,
      shape: tensor.shape,
      data: (await tensor.read()) as Float32Array,
      type: 'F16' as const,
    });
  }
  await writeSafetensors(path.join(values.out, 'model.safetensors'), tensors);
}

function newWeights(shapes: ReadonlyMap<string, Shape>) {
  const random = new Random(seed);
  const depthScale = 1 / Math.sqrt(2 * CONFIG.num_hidden_layers);
  return {
    tensors: new Map([...shapes].map(([name, shape]) => [name, { shape }])),
    readFloat32: async (name: string, into: Float32Array) => {
      if (shapes.get(name)!.length === 1) return into.fill(1);
      const spread = /o_proj|down_proj/.test(name) ? NEW_WEIGHT_SPREAD * depthScale : NEW_WEIGHT_SPREAD;
      for (let index = 0; index < into.length; index++) into[index] = random.normal() * spread;
      return into;
    },
    readRows: () => Promise.reject(new Error('What learns is read whole.')),
  };
}

function* tokenWindows(count: number): Generator<Int32Array, undefined> {
  let buffer: number[] = [];
  for (const story of stories(seed, Number.MAX_SAFE_INTEGER)) {
    buffer.push(...tokenizer.beginning, ...tokenizer.encode(story));
    while (buffer.length >= SHAPE.length) {
      yield Int32Array.from(buffer.slice(0, SHAPE.length));
      buffer = buffer.slice(SHAPE.length);
      if (--count === 0) return undefined;
    }
  }
  return undefined;
}
