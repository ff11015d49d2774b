/** How likely a model finds given tokens, one after the other. */
import type { Architecture } from '../architectures/architecture.ts';
import { LabError } from '../errors.ts';
import { NO_OVERLAY, type Overlay } from '../model/overlay.ts';
import type { Weights } from '../model/weights.ts';
import type { Program } from '../runtimes/runtime.ts';
import { evaluationGraph } from '../training/training-graph.ts';

/** Lengths are rounded up to multiples of this: what follows a text does not change its numbers, and few graphs serve many. */
const LENGTH_STEP = 64;

export interface TokenScores {
  /** Natural logarithm of the probability of token i + 1 given tokens 0…i: one fewer than tokens. */
  readonly logProbabilities: number[];
  /** Entropy in nats of each of these predictions. */
  readonly entropies: number[];
}

export class Scorer {
  readonly #architecture: Architecture;
  readonly #weights: Weights;
  readonly #overlay: Overlay;
  readonly #programs = new Map<number, { readonly program: Program; readonly inputs: readonly string[] }>();

  constructor(architecture: Architecture, weights: Weights, overlay: Overlay = NO_OVERLAY) {
    this.#architecture = architecture;
    this.#weights = weights;
    this.#overlay = overlay;
  }

  async score(tokens: readonly number[]): Promise<TokenScores> {
    const { contextLength } = this.#architecture.geometry;
    if (tokens.length > contextLength) {
      throw new LabError(
        'bad-argument',
        `The text has ${tokens.length} tokens, but this model reads ${contextLength} at most. Shorten it.`,
        { tokens: tokens.length, contextLength },
      );
    }
    if (tokens.length < 2) return { logProbabilities: [], entropies: [] };
    const length = Math.ceil(tokens.length / LENGTH_STEP) * LENGTH_STEP;
    const { program, inputs } = await this.#program(length);
    const { runtime } = this.#weights;
    const window = Int32Array.from({ length }, (_, place) => tokens[place] ?? 0);
    const given = {
      tokens: runtime.upload(window, [length]),
      targets: runtime.upload(window.slice(1), [length - 1]),
    };
    const base = await this.#weights.tensors(inputs.filter((name) => !this.#overlay.tensors.has(name)));
    const outputs = await program.run({ ...base, ...Object.fromEntries(this.#overlay.tensors), ...given });
    const read = async (name: string) =>
      Array.from((await outputs[name]!.read()).subarray(0, tokens.length - 1));
    const result = {
      logProbabilities: (await read('losses')).map((loss) => -loss),
      entropies: await read('entropies'),
    };
    for (const tensor of [...Object.values(given), ...Object.values(outputs)]) tensor.release();
    return result;
  }

  async release(): Promise<void> {
    for (const { program } of this.#programs.values()) await program.release();
    this.#programs.clear();
  }

  async #program(length: number) {
    const known = this.#programs.get(length);
    if (known) return known;
    const plan = {
      architecture: this.#architecture,
      adapter: this.#overlay.adapter,
      firstBlock: 0,
      recomputesAttention: false,
    };
    const graph = evaluationGraph(plan, { batch: 1, length });
    const inputs = [...graph.inputs.keys()].filter((name) => this.#weights.shapes.has(name));
    const compiled = { program: await this.#weights.runtime.compile(graph), inputs };
    this.#programs.set(length, compiled);
    return compiled;
  }
}
