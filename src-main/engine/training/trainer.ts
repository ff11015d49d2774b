/**
 * One training step: inputs of a batch → loss and gradients → optimizer. The trainer holds what learns (weights or
 * adapter matrices) and knows nothing of epochs, files or texts.
 */
import { LabError } from '../errors.ts';
import type { Shape } from '../graph/value.ts';
import type { Weights } from '../model/weights.ts';
import { Random } from '../random.ts';
import type { DeviceTensor, DeviceTensors, Program } from '../runtimes/runtime.ts';
import { Optimizer, type OptimizerSettings } from './optimizer.ts';
import { type BatchShape, evaluationGraph, type TrainingPlan, trainingGraph } from './training-graph.ts';
import { targetsOf, type WindowFeed, type Windows } from './window-feed.ts';

export interface StepResult {
  /** Mean cross-entropy in nats, before the update. */
  readonly loss: number;
  /** Share of tokens whose prediction was right, before the update. */
  readonly tokenAccuracy: number;
}

export interface Evaluation extends StepResult {
  /** Mean entropy of the predictions in nats. */
  readonly entropy: number;
}

export interface TrainerOptions {
  readonly plan: TrainingPlan;
  readonly weights: Weights;
  /** What is computed at a time. */
  readonly shape: BatchShape;
  /** Parts of this shape that a batch is computed in, if more than one: see micro-batch.ts. */
  readonly parts?: number;
  readonly optimizer: OptimizerSettings;
  /** Seeds new adapters. */
  readonly seed: number;
  /** Trainables to go on from, by name. */
  readonly initial?: ReadonlyMap<string, Float32Array>;
}

export class Trainer {
  readonly trainables: Map<string, DeviceTensor>;
  readonly shapes: ReadonlyMap<string, Shape>;
  readonly optimizer: Optimizer;
  readonly plan: TrainingPlan;
  readonly #weights: Weights;
  readonly #shape: BatchShape;
  /** Of the first part of a batch, and of each of the others, which adds to its gradients. */
  readonly #step: Program;
  readonly #addToStep: Program | undefined;
  /** By the windows that they measure at once. */
  readonly #evaluations = new Map<number, Program>();
  readonly #frozenNames: readonly string[];

  private constructor(fields: {
    trainables: Map<string, DeviceTensor>;
    shapes: ReadonlyMap<string, Shape>;
    optimizer: Optimizer;
    options: TrainerOptions;
    step: Program;
    addToStep: Program | undefined;
    frozenNames: readonly string[];
  }) {
    this.trainables = fields.trainables;
    this.shapes = fields.shapes;
    this.optimizer = fields.optimizer;
    this.plan = fields.options.plan;
    this.#weights = fields.options.weights;
    this.#shape = fields.options.shape;
    this.#step = fields.step;
    this.#addToStep = fields.addToStep;
    this.#frozenNames = fields.frozenNames;
  }

  static async create(options: TrainerOptions): Promise<Trainer> {
    const { plan, weights, shape, parts: of = 1 } = options;
    const { runtime } = weights;
    const { graph, trainables: shapes } = trainingGraph(plan, shape, { of, addsUp: false });
    const trainables = new Map<string, DeviceTensor>();
    const random = new Random(options.seed);
    for (const [name, tensorShape] of shapes) {
      const fresh = plan.adapter ? freshAdapterMatrix(name, tensorShape, random) : undefined;
      const data = options.initial?.get(name) ?? fresh;
      trainables.set(name, data ? runtime.upload(data, tensorShape) : await weights.load(name));
    }
    return new Trainer({
      trainables,
      shapes,
      options,
      optimizer: await Optimizer.create(runtime, shapes, options.optimizer),
      step: await runtime.compile(graph),
      addToStep:
        of === 1 ? undefined : await runtime.compile(trainingGraph(plan, shape, { of, addsUp: true }).graph),
      frozenNames: [...graph.inputs.keys()].filter((name) => weights.shapes.has(name) && !shapes.has(name)),
    });
  }

  /** Learns from the windows at these places, as many as a batch holds. Throws 'non-finite-loss' and updates nothing. */
  async step(
    feed: WindowFeed,
    windows: Windows,
    places: readonly number[],
    learningRate: number,
  ): Promise<StepResult> {
    const { batch } = this.#shape;
    let gradients = new Map<string, DeviceTensor>();
    let [loss, tokenAccuracy] = [0, 0];
    try {
      for (let start = 0; start < places.length; start += batch) {
        const part = places.slice(start, start + batch);
        const sums = [...gradients].map(([name, gradient]): [string, DeviceTensor] => [
          `sum ${name}`,
          gradient,
        ]);
        const program = start === 0 ? this.#step : this.#addToStep!;
        const outputs = await this.#run(program, feed, windows, part, Object.fromEntries(sums));
        gradients = new Map([...this.shapes.keys()].map((name) => [name, outputs[`gradient ${name}`]!]));
        loss += (await outputs.loss!.read())[0]!;
        tokenAccuracy += (shareOfZeros(await outputs.margins!.read()) * part.length) / places.length;
        outputs.loss!.release();
        outputs.margins!.release();
        this.#checkFinite(loss);
      }
      await this.optimizer.apply(this.trainables, gradients, learningRate);
      return { loss, tokenAccuracy };
    } finally {
      for (const tensor of gradients.values()) tensor.release();
    }
  }

  /** Measures all windows without learning. Throws 'non-finite-loss'. */
  async evaluate(feed: WindowFeed, windows: Windows, signal?: AbortSignal): Promise<Evaluation> {
    const { batch: most, length } = this.#shape;
    const predictions = length - 1;
    // Batches as equal as can be: little is measured twice only to fill the last one.
    const batch = Math.ceil(windows.length / Math.ceil(windows.length / most));
    const program = await this.#evaluation(batch);
    let [loss, right, entropy] = [0, 0, 0];
    for (let start = 0; start < windows.length; start += batch) {
      signal?.throwIfAborted();
      const real = Math.min(batch, windows.length - start);
      // The last batch repeats its last window to be full; what is repeated is not counted.
      const places = Array.from({ length: batch }, (_, index) => start + Math.min(index, real - 1));
      const outputs = await this.#run(program, feed, windows, places);
      const counted = async (name: string) => (await outputs[name]!.read()).subarray(0, real * predictions);
      loss += sum(await counted('losses'));
      entropy += sum(await counted('entropies'));
      right += shareOfZeros(await counted('margins')) * real * predictions;
      for (const tensor of Object.values(outputs)) tensor.release();
    }
    this.#checkFinite(loss);
    const total = windows.length * predictions;
    return { loss: loss / total, tokenAccuracy: right / total, entropy: entropy / total };
  }

  async release(): Promise<void> {
    for (const tensor of this.trainables.values()) tensor.release();
    await this.optimizer.release();
    await this.#step.release();
    await this.#addToStep?.release();
    for (const program of this.#evaluations.values()) await program.release();
  }

  async #evaluation(batch: number): Promise<Program> {
    const known = this.#evaluations.get(batch);
    if (known) return known;
    const graph = evaluationGraph(this.plan, { batch, length: this.#shape.length });
    const program = await this.#weights.runtime.compile(graph);
    this.#evaluations.set(batch, program);
    return program;
  }

  #checkFinite(loss: number): void {
    if (Number.isFinite(loss)) return;
    throw new LabError(
      'non-finite-loss',
      'The training loss is no longer a number: the learning rate is too high for this model. Try a tenth of it.',
      { loss: String(loss), step: this.optimizer.state.step },
    );
  }

  async #run(
    program: Program,
    feed: WindowFeed,
    windows: Windows,
    places: readonly number[],
    sums: DeviceTensors = {},
  ) {
    const { runtime } = this.#weights;
    const targets = targetsOf(windows, places);
    const batch = { ...(await feed.batch(places)), targets: runtime.upload(targets, [targets.length]) };
    try {
      const frozen = await this.#weights.tensors(this.#frozenNames);
      return await program.run({ ...frozen, ...Object.fromEntries(this.trainables), ...sums, ...batch });
    } finally {
      for (const tensor of Object.values(batch)) tensor.release();
    }
  }
}

/** As PEFT begins: A uniform in ±1/√inputs (Kaiming with a = √5), B zero, so the adapter changes nothing at first. */
function freshAdapterMatrix(name: string, shape: Shape, random: Random): Float32Array {
  const matrix = new Float32Array(shape[0]! * shape[1]!);
  if (!name.endsWith('lora_A.weight')) return matrix;
  const bound = 1 / Math.sqrt(shape[1]!);
  return matrix.map(() => (2 * random.uniform() - 1) * bound);
}

function sum(numbers: ArrayLike<number>): number {
  let total = 0;
  for (let index = 0; index < numbers.length; index++) total += numbers[index]!;
  return total;
}

function shareOfZeros(numbers: ArrayLike<number>): number {
  let zeros = 0;
  for (let index = 0; index < numbers.length; index++) if (numbers[index] === 0) zeros++;
  return zeros / numbers.length;
}
