/** The engine against PyTorch + transformers + PEFT, on the fixtures that make.py made: see README.md. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ModelReader } from '../../src-main/engine/analysis/model-reader.ts';
import type { Architecture } from '../../src-main/engine/architectures/architecture.ts';
import { windowAttention } from '../../src-main/engine/architectures/attention.ts';
import { ModelBuilder } from '../../src-main/engine/architectures/builder.ts';
import { recognizeArchitecture } from '../../src-main/engine/architectures/recognize.ts';
import { readAdapter } from '../../src-main/engine/formats/adapter.ts';
import { type ModelFolder, openModelFolder } from '../../src-main/engine/formats/model-folder.ts';
import { openSafetensors, type SafetensorsFile } from '../../src-main/engine/formats/safetensors.ts';
import { Decoder } from '../../src-main/engine/generation/decoder.ts';
import { GREEDY } from '../../src-main/engine/generation/decoding.ts';
import { capped } from '../../src-main/engine/graph/attention.ts';
import { buildGraph } from '../../src-main/engine/graph/graph.ts';
import { input, matmul } from '../../src-main/engine/graph/ops.ts';
import { adapterOverlay } from '../../src-main/engine/model/overlay.ts';
import { Weights } from '../../src-main/engine/model/weights.ts';
import { CpuRuntime } from '../../src-main/engine/runtimes/onnxruntime/cpu-runtime.ts';
import type { Runtime } from '../../src-main/engine/runtimes/runtime.ts';
import { openNativeLibrary } from '../../src-main/engine/runtimes/tensorflow/native-library.ts';
import { packHere } from '../../src-main/engine/runtimes/tensorflow/pack.suite.ts';
import { TensorFlowRuntime } from '../../src-main/engine/runtimes/tensorflow/tensorflow-runtime.ts';
import { TfjsLibrary } from '../../src-main/engine/runtimes/tensorflow/tfjs-library.ts';
import { loadTokenizer } from '../../src-main/engine/text/tokenizer.ts';
import { Trainer } from '../../src-main/engine/training/trainer.ts';
import { planTraining, trainingGraph } from '../../src-main/engine/training/training-graph.ts';
import { feedTokens, targetsOf } from '../../src-main/engine/training/window-feed.ts';

const FIXTURES = path.join(import.meta.dirname, 'fixtures');
const expectedSchema = z.object({
  tokens: z.array(z.array(z.number())),
  loss: z.number(),
  curve: z.array(z.number()),
  adamwCurve: z.array(z.number()).optional(),
  loraCurve: z.array(z.number()).optional(),
  greedy: z.array(z.object({ prompt: z.array(z.number()), tokens: z.array(z.number()) })),
  strings: z.array(
    z.object({
      text: z.string(),
      ids: z.array(z.number()),
      idsWithoutSpecial: z.array(z.number()),
      decoded: z.string(),
    }),
  ),
});
const ADAM = { optimizer: 'adam', weightDecay: 0, gradientClipping: null } as const;
const ADAPTER_FIELDS = { rank: 4, alpha: 8, targetModules: 'all' } as const;

function readExpected(folder: string) {
  return expectedSchema.parse(JSON.parse(readFileSync(path.join(folder, 'expected.json'), 'utf8')));
}

const ALL = readdirSync(FIXTURES);
interface Case {
  readonly name: string;
  readonly runtime: string;
  readonly open: () => Runtime;
}
const CASES: Case[] = [
  ...ALL.map((name) => ({ name, runtime: 'onnxruntime', open: () => new CpuRuntime() })),
  // In plain JavaScript, one architecture is enough.
  { name: 'llama', runtime: 'tfjs', open: () => new TensorFlowRuntime(new TfjsLibrary()) },
];
const pack = packHere;
if (pack !== undefined) {
  const open = () => new TensorFlowRuntime(openNativeLibrary(pack));
  CASES.push(...ALL.map((name) => ({ name, runtime: 'TensorFlow', open })));
}

describe.each(CASES)('$name on $runtime', ({ name, open }) => {
  const folder = path.join(FIXTURES, name);
  const expected = readExpected(folder);
  const windows = expected.tokens.map((tokens) => Int32Array.from(tokens));
  const shape = { batch: windows.length, length: windows[0]!.length };
  const runtime = open();
  let model: ModelFolder;
  let numbers: SafetensorsFile;
  let architecture: Architecture;
  let weights: Weights;

  beforeAll(async () => {
    model = await openModelFolder(folder);
    numbers = await openSafetensors(path.join(folder, 'expected.safetensors'));
    architecture = recognizeArchitecture(model.config);
    weights = new Weights(model, architecture, runtime);
  });
  afterAll(async () => {
    await model.close();
    await numbers.close();
  });

  it('gives the hidden states and logits of transformers', async () => {
    const builder = new ModelBuilder(windowAttention(shape.batch, shape.length));
    const states = [architecture.embed(builder, input('tokens', [shape.batch * shape.length], 'int32'))];
    for (let block = 0; block < architecture.geometry.blocks; block++) {
      states.push(architecture.block(builder.within(architecture.blockPath(block)), block, states.at(-1)!));
    }
    const head = architecture.head(builder, states.at(-1)!);
    const outputs = new Map(states.map((state, index) => [`hidden.${index}`, state]));
    outputs.set('hidden.final', head.hidden);
    outputs.set('logits', capped(matmul(head.hidden, head.weight, { transposeB: true }), head.softCap));
    const program = await runtime.compile(buildGraph(outputs));
    const results = await program.run({
      ...(await weights.tensors(builder.parameters.keys())),
      tokens: joined(),
    });
    for (const output of outputs.keys()) await expectNear(await results[output]!.read(), output, 1e-4);
  });

  it('tells the hidden states and logits of a text, whatever length its graph has', async () => {
    const reader = new ModelReader(architecture, weights);
    const { width, vocabularySize, blocks } = architecture.geometry;
    const perText = windows[0]!.length;
    for (const [text, tokens] of expected.tokens.entries()) {
      const states = await reader.states(tokens);
      expect(states.blocks).toHaveLength(blocks);
      for (const [block, found] of states.blocks.entries())
        await expectNear(found, `hidden.${block + 1}`, 1e-4, text * perText * width);
      await expectNear(states.final, 'hidden.final', 1e-4, text * perText * width);
      expect(await reader.final(tokens)).toEqual(states.final);
      const logits: number[] = [];
      await reader.eachLogits(states.final, (row) => logits.push(...row));
      await expectNear(logits, 'logits', 1e-4, text * perText * vocabularySize);
    }
    await reader.release();
  });

  it('gives the loss and every gradient of PyTorch', async () => {
    const { graph, trainables } = trainingGraph(
      planTraining(architecture, { kind: 'full' }, ADAPTER_FIELDS),
      shape,
    );
    const program = await runtime.compile(graph);
    const targets = targetsOf(windows, [0, 1]);
    const results = await program.run({
      ...(await weights.tensors(trainables.keys())),
      tokens: joined(),
      targets: runtime.upload(targets, [targets.length]),
    });
    expect((await results.loss!.read())[0]).toBeCloseTo(expected.loss, 5);
    if (name === 'llama-sharded') return;
    for (const parameter of trainables.keys()) {
      const gradient = `gradient.${parameter}`;
      const reference = await numbers.readFloat32(gradient);
      const largest = reference.reduce((best, number) => Math.max(best, Math.abs(number)), 0);
      await expectNear(await results[`gradient ${parameter}`]!.read(), gradient, 1e-3 * largest);
    }
  });

  it.each([
    ['Adam', expected.curve, ADAM],
    ['AdamW', expected.adamwCurve, { ...ADAM, optimizer: 'adamw', weightDecay: 0.01 }],
  ] as const)('follows the losses of 10 steps of PyTorch with %s', async (_, curve, optimizer) => {
    if (curve === undefined) return;
    const plan = planTraining(architecture, { kind: 'full' }, ADAPTER_FIELDS);
    const trainer = await Trainer.create({ plan, weights, shape, optimizer, seed: 1 });
    expectCurve(await losses(trainer, curve.length, 1e-3), curve);
  });

  it('follows the losses of 10 steps of PEFT, on the frozen base', async () => {
    if (expected.loraCurve === undefined) return;
    const adapter = await readAdapter(path.join(folder, 'initial-adapter'));
    const plan = planTraining(architecture, { kind: 'adapter', blocks: adapter.blocks }, ADAPTER_FIELDS);
    const { tensors } = adapterOverlay(adapter, architecture, runtime);
    const initial = new Map<string, Float32Array>();
    for (const [key, tensor] of tensors) initial.set(key, (await tensor.read()) as Float32Array);
    const wholePlan = { ...plan, firstBlock: 0 };
    const trainer = await Trainer.create({
      plan: wholePlan,
      weights,
      shape,
      optimizer: ADAM,
      seed: 1,
      initial,
    });
    expect([...trainer.shapes.keys()].sort()).toEqual([...tensors.keys()].sort());
    expectCurve(await losses(trainer, expected.loraCurve.length, 5e-3), expected.loraCurve);
  });

  it.each(['shared', 'float32'] as const)(
    'writes the greedy texts of transformers (%s weights), all prompts in one batch or each alone',
    async (use) => {
      const decoder = new Decoder(architecture, weights, use);
      const options = { maxNewTokens: 20, decoding: GREEDY, seed: 0, endOfText: [], atEnd: 'stop' } as const;
      const prompts = expected.greedy.map(({ prompt }) => prompt);
      const reference = expected.greedy.map(({ tokens }) => tokens);
      expect(await decoder.generate(prompts, options)).toEqual(reference);
      for (const [index, prompt] of prompts.entries())
        expect(await decoder.generate([prompt], options)).toEqual([reference[index]]);
      await decoder.release();
    },
  );

  function joined() {
    return runtime.upload(Int32Array.from(expected.tokens.flat()), [shape.batch * shape.length]);
  }

  /** Losses before each update. */
  async function losses(trainer: Trainer, count: number, learningRate: number): Promise<number[]> {
    const feed = feedTokens(runtime, windows);
    const result: number[] = [];
    while (result.length < count) result.push((await trainer.step(feed, windows, [0, 1], learningRate)).loss);
    await trainer.release();
    return result;
  }

  function expectCurve(actual: readonly number[], curve: readonly number[]): void {
    for (const [step, loss] of curve.entries())
      expect(Math.abs(actual[step]! - loss), `step ${step}`).toBeLessThan(1e-4);
  }

  /** @param start of the reference numbers that `actual` is held against */
  async function expectNear(
    actual: ArrayLike<number>,
    key: string,
    tolerance: number,
    start = 0,
  ): Promise<void> {
    const reference = (await numbers.readFloat32(key)).subarray(start, start + actual.length);
    let worst = 0;
    for (const [index, number] of reference.entries())
      worst = Math.max(worst, Math.abs(number - actual[index]!));
    expect(worst, key).toBeLessThanOrEqual(tolerance);
  }
});

describe.each(ALL)("%s's tokenizer", (name) => {
  const folder = path.join(FIXTURES, name);
  const { strings } = readExpected(folder);
  const tokenizer = openModelFolder(folder).then(async (model) => {
    const { vocabularySize } = recognizeArchitecture(model.config).geometry;
    await model.close();
    return loadTokenizer(folder, vocabularySize);
  });

  it('gives the token ids of transformers for awkward texts', async () => {
    for (const { text, ids, idsWithoutSpecial } of strings) {
      expect((await tokenizer).encodeWithSpecial(text), text).toEqual(ids);
      expect((await tokenizer).encode(text), text).toEqual(idsWithoutSpecial);
    }
  });

  it('decodes as transformers does', async () => {
    // The JavaScript library drops a byte-order mark within a text that was spelled in bytes.
    const withoutMark = (text: string) => text.replaceAll('\ufeff', '');
    for (const { ids, decoded } of strings)
      expect(withoutMark((await tokenizer).decode(ids))).toBe(withoutMark(decoded));
  });
});
