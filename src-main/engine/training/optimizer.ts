/**
 * Adam (arXiv 1412.6980) and AdamW (arXiv 1711.05101) as a graph of their own: numbers equal PyTorch's. It runs after
 * the gradients, and its results take over the memory of what they replace, so a step allocates nothing. Weights and
 * moments are float32 always: steps of 1e-6 would vanish in half precision.
 */
import { adam, FIRST_DECAY, SECOND_DECAY } from '../graph/adam.ts';
import { buildGraph } from '../graph/graph.ts';
import { add, input, multiply, reshape, subtract, sum } from '../graph/ops.ts';
import { elementCount, type Shape, type Value } from '../graph/value.ts';
import type { DeviceTensor, Program, Runtime } from '../runtimes/runtime.ts';
import type { Recipe } from './recipe.ts';

export interface OptimizerState {
  /** Updates made so far. */
  step: number;
  /** Name → running mean of gradients, and of their squares. */
  readonly first: Map<string, DeviceTensor>;
  readonly second: Map<string, DeviceTensor>;
}

export type OptimizerSettings = Pick<Recipe, 'optimizer' | 'weightDecay' | 'gradientClipping'>;

export class Optimizer {
  readonly state: OptimizerState;
  readonly #runtime: Runtime;
  readonly #update: Program;
  readonly #norm: Program | undefined;
  readonly #clipping: number | null;

  private constructor(
    runtime: Runtime,
    state: OptimizerState,
    update: Program,
    norm: Program | undefined,
    clipping: number | null,
  ) {
    this.#runtime = runtime;
    this.state = state;
    this.#update = update;
    this.#norm = norm;
    this.#clipping = clipping;
  }

  static async create(
    runtime: Runtime,
    shapes: ReadonlyMap<string, Shape>,
    settings: OptimizerSettings,
  ): Promise<Optimizer> {
    const update = await runtime.compile(updateGraph(shapes, settings));
    const norm = settings.gradientClipping === null ? undefined : await runtime.compile(normGraph(shapes));
    const zeros = () =>
      new Map(
        [...shapes].map(([name, shape]) => [
          name,
          runtime.upload(new Float32Array(elementCount(shape)), shape),
        ]),
      );
    return new Optimizer(
      runtime,
      { step: 0, first: zeros(), second: zeros() },
      update,
      norm,
      settings.gradientClipping,
    );
  }

  /**
   * One update. `trainables` are replaced in place, `gradients` stay the caller's.
   * @param gradients by trainable name
   */
  async apply(
    trainables: Map<string, DeviceTensor>,
    gradients: ReadonlyMap<string, DeviceTensor>,
    learningRate: number,
  ): Promise<void> {
    const { state } = this;
    state.step++;
    const gradientInputs = prefixed('gradient', gradients);
    const numbers = {
      rate: learningRate,
      firstCorrection: 1 - FIRST_DECAY ** state.step,
      spreadFactor: 1 / Math.sqrt(1 - SECOND_DECAY ** state.step),
      clip: await this.#clipFactor(gradientInputs),
    };
    const scalars = Object.entries(numbers).map(([name, number]): [string, DeviceTensor] => [
      name,
      this.#runtime.upload(Float32Array.of(number), []),
    ]);
    const updated = await this.#update.run({
      ...prefixed('weight', trainables),
      ...prefixed('first', state.first),
      ...prefixed('second', state.second),
      ...gradientInputs,
      ...Object.fromEntries(scalars),
    });
    for (const [, tensor] of scalars) tensor.release();
    for (const name of trainables.keys()) {
      trainables.set(name, updated[`new weight ${name}`]!);
      state.first.set(name, updated[`new first ${name}`]!);
      state.second.set(name, updated[`new second ${name}`]!);
    }
  }

  /** Goes on from a checkpoint. */
  restore(
    step: number,
    first: ReadonlyMap<string, Float32Array>,
    second: ReadonlyMap<string, Float32Array>,
  ): void {
    this.state.step = step;
    for (const [moments, stored] of [
      [this.state.first, first],
      [this.state.second, second],
    ] as const) {
      for (const [name, tensor] of moments) {
        moments.set(name, this.#runtime.upload(stored.get(name)!, tensor.shape));
        tensor.release();
      }
    }
  }

  async release(): Promise<void> {
    for (const tensor of [...this.state.first.values(), ...this.state.second.values()]) tensor.release();
    await this.#update.release();
    await this.#norm?.release();
  }

  async #clipFactor(gradients: Record<string, DeviceTensor>): Promise<number> {
    if (this.#norm === undefined || this.#clipping === null) return 1;
    const { total } = await this.#norm.run(gradients);
    const norm = Math.sqrt((await total!.read())[0]!);
    total!.release();
    return Math.min(1, this.#clipping / (norm + 1e-6));
  }
}

function updateGraph(
  shapes: ReadonlyMap<string, Shape>,
  { optimizer, weightDecay, gradientClipping }: OptimizerSettings,
) {
  const [rate, firstCorrection, spreadFactor, clip] = ['rate', 'firstCorrection', 'spreadFactor', 'clip'].map(
    (name) => input(name, []),
  ) as [Value, Value, Value, Value];
  const outputs = new Map<string, Value>();
  const sharing: Record<string, string> = {};
  for (const [name, shape] of shapes) {
    const [weight, oldFirst, oldSecond, raw] = ['weight', 'first', 'second', 'gradient'].map((part) =>
      input(`${part} ${name}`, shape),
    ) as [Value, Value, Value, Value];
    const gradient = gradientClipping === null ? raw : multiply(raw, clip);
    const decayed =
      optimizer === 'adamw' ? multiply(weight, subtract(1, multiply(rate, weightDecay))) : weight;
    const updated = adam({
      ...{ weight: decayed, first: oldFirst, second: oldSecond, gradient },
      ...{ rate, firstCorrection, spreadFactor },
    });
    for (const [part, value] of Object.entries(updated)) {
      outputs.set(`new ${part} ${name}`, value);
      sharing[`new ${part} ${name}`] = `${part} ${name}`;
    }
  }
  return buildGraph(outputs, sharing);
}

/** Sum of the squares of all gradients. */
function normGraph(shapes: ReadonlyMap<string, Shape>) {
  const squares = [...shapes].map(([name, shape]) => {
    const gradient = input(`gradient ${name}`, shape);
    const axes = shape.map((_, axis) => axis);
    return reshape(sum(multiply(gradient, gradient), axes), []);
  });
  return buildGraph({ total: squares.reduce(add) });
}

function prefixed(part: string, tensors: ReadonlyMap<string, DeviceTensor>): Record<string, DeviceTensor> {
  return Object.fromEntries([...tensors].map(([name, tensor]) => [`${part} ${name}`, tensor]));
}
