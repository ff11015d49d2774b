/**
 * What a model makes of a given text, token by token: the hidden states after every block, and the logits of what comes
 * next. Logits of a whole text may be larger than memory (256,000 words × 4,096 tokens), so they are handed out one
 * position at a time, while the states that they are made of can be kept.
 */
import type { Architecture } from '../architectures/architecture.ts';
import { windowAttention } from '../architectures/attention.ts';
import { ModelBuilder } from '../architectures/builder.ts';
import { LabError } from '../errors.ts';
import { capped } from '../graph/attention.ts';
import { buildGraph, type Graph } from '../graph/graph.ts';
import { input, matmul } from '../graph/ops.ts';
import type { Value } from '../graph/value.ts';
import { NO_OVERLAY, type Overlay } from '../model/overlay.ts';
import type { Weights } from '../model/weights.ts';
import type { DeviceTensors, Program } from '../runtimes/runtime.ts';

/** Lengths are rounded up to multiples of this: what follows a token does not change its numbers, and few graphs serve many texts. */
const LENGTH_STEP = 64;
/** Numbers of logits that are held at once: 64 MiB in float32. */
const LOGITS_AT_ONCE = 1 << 24;

/** Hidden states of one text, [tokens, width] each, row by row. */
export interface States {
  readonly tokens: number;
  readonly width: number;
  /** What leaves each block, from the first. Before the final norm. */
  readonly blocks: readonly Float32Array[];
  /** What the last block gives, after the final norm: what the logits are made of. */
  readonly final: Float32Array;
}

export class ModelReader {
  readonly #architecture: Architecture;
  readonly #weights: Weights;
  readonly #overlay: Overlay;
  readonly #programs = new Map<string, Promise<Compiled>>();

  constructor(architecture: Architecture, weights: Weights, overlay: Overlay = NO_OVERLAY) {
    this.#architecture = architecture;
    this.#weights = weights;
    this.#overlay = overlay;
  }

  /** @throws LabError 'bad-argument' for no token, or more than the model reads */
  async states(tokens: readonly number[]): Promise<States> {
    const { blocks, width } = this.#architecture.geometry;
    const names = Array.from({ length: blocks }, (_, block) => `block ${block}`);
    const read = await this.#read(tokens, 'states', (final, outputs) => ({
      ...Object.fromEntries(outputs.map((output, block) => [names[block]!, output])),
      final,
    }));
    return {
      tokens: tokens.length,
      width,
      blocks: names.map((name) => read[name]!),
      final: read.final!,
    };
  }

  /** `States.final` alone. @throws LabError as `states` */
  async final(tokens: readonly number[]): Promise<Float32Array> {
    return (await this.#read(tokens, 'final', (final) => ({ final }))).final!;
  }

  /**
   * Calls `visit` with the logits [vocabulary] after each position of `final` in turn. They are a view that holds until the
   * call returns.
   */
  async eachLogits(
    final: Float32Array,
    visit: (logits: Float32Array, position: number) => void,
  ): Promise<void> {
    const { width, vocabularySize } = this.#architecture.geometry;
    const positions = final.length / width;
    const chunk = Math.max(1, Math.min(LENGTH_STEP, Math.floor(LOGITS_AT_ONCE / vocabularySize)));
    const compiled = await this.#compiled(`logits ${chunk}`, () => this.#logitsGraph(chunk));
    for (let first = 0; first < positions; first += chunk) {
      const rows = new Float32Array(chunk * width);
      rows.set(final.subarray(first * width, (first + chunk) * width));
      const given = { final: this.#weights.runtime.upload(rows, [chunk, width]) };
      const { logits } = await this.#run(compiled, given);
      const numbers = (await logits!.read()) as Float32Array;
      for (let row = 0; row < Math.min(chunk, positions - first); row++)
        visit(numbers.subarray(row * vocabularySize, (row + 1) * vocabularySize), first + row);
      for (const tensor of [logits!, ...Object.values(given)]) tensor.release();
    }
  }

  async release(): Promise<void> {
    for (const compiled of this.#programs.values()) await (await compiled).program.release();
    this.#programs.clear();
  }

  async #read(
    tokens: readonly number[],
    what: string,
    outputsOf: (final: Value, blocks: readonly Value[]) => Record<string, Value>,
  ): Promise<Record<string, Float32Array>> {
    const { contextLength, width } = this.#architecture.geometry;
    if (tokens.length === 0 || tokens.length > contextLength) {
      throw new LabError(
        'bad-argument',
        `The text has ${tokens.length} tokens, but this model reads 1 to ${contextLength}.`,
        { tokens: tokens.length, contextLength },
      );
    }
    const length = Math.min(Math.ceil(tokens.length / LENGTH_STEP) * LENGTH_STEP, contextLength);
    const compiled = await this.#compiled(`${what} ${length}`, () => this.#bodyGraph(length, outputsOf));
    const window = Int32Array.from({ length }, (_, place) => tokens[place] ?? 0);
    const given = { tokens: this.#weights.runtime.upload(window, [length]) };
    const outputs = await this.#run(compiled, given);
    const result: Record<string, Float32Array> = {};
    for (const [name, tensor] of Object.entries(outputs))
      result[name] = ((await tensor.read()) as Float32Array).slice(0, tokens.length * width);
    for (const tensor of [...Object.values(outputs), ...Object.values(given)]) tensor.release();
    return result;
  }

  async #run({ program, parameters }: Compiled, given: DeviceTensors) {
    const base = await this.#weights.tensors(parameters.filter((name) => !this.#overlay.tensors.has(name)));
    return program.run({ ...base, ...Object.fromEntries(this.#overlay.tensors), ...given });
  }

  #compiled(key: string, build: () => Graph): Promise<Compiled> {
    const known = this.#programs.get(key);
    if (known) return known;
    const graph = build();
    const parameters = [...graph.inputs.keys()].filter((name) => this.#weights.shapes.has(name));
    const compiling = this.#weights.runtime.compile(graph).then((program) => ({ program, parameters }));
    this.#programs.set(key, compiling);
    return compiling;
  }

  #bodyGraph(
    length: number,
    outputsOf: (final: Value, blocks: readonly Value[]) => Record<string, Value>,
  ): Graph {
    const { blocks } = this.#architecture.geometry;
    const builder = new ModelBuilder(windowAttention(1, length), this.#overlay.adapter);
    let hidden = this.#architecture.embed(builder, input('tokens', [length], 'int32'));
    const outputs: Value[] = [];
    for (let block = 0; block < blocks; block++) {
      hidden = this.#architecture.block(builder.within(this.#architecture.blockPath(block)), block, hidden);
      outputs.push(hidden);
    }
    return buildGraph(outputsOf(this.#architecture.head(builder, hidden).hidden, outputs));
  }

  #logitsGraph(rows: number): Graph {
    const { width } = this.#architecture.geometry;
    const final = input('final', [rows, width]);
    // Of the head, only the weight is used: the final norm was passed before.
    const head = this.#architecture.head(new ModelBuilder(windowAttention(1, rows)), final);
    return buildGraph({ logits: capped(matmul(final, head.weight, { transposeB: true }), head.softCap) });
  }
}

interface Compiled {
  readonly program: Program;
  /** Names of the weights that the graph takes. */
  readonly parameters: readonly string[];
}
