/**
 * Writes on from prompts, all of a batch at once. A decoder belongs to one base model in memory; what is laid over it
 * (an adapter, or weights in training) comes with each call, so one base serves many arms of a comparison.
 */
import type { Architecture } from '../architectures/architecture.ts';
import { HIDDEN_SCORE } from '../architectures/attention.ts';
import type { AdapterPlan } from '../architectures/builder.ts';
import { LabError } from '../errors.ts';
import { elementCount } from '../graph/value.ts';
import { NO_OVERLAY, type Overlay } from '../model/overlay.ts';
import type { Weights } from '../model/weights.ts';
import { Random } from '../random.ts';
import type { DeviceTensor, DeviceTensors, Program } from '../runtimes/runtime.ts';
import { chooseToken } from './choose-token.ts';
import type { DecodingSettings } from './decoding.ts';
import { cacheInput, type DecodingGraph, decodingGraph } from './decoding-graph.ts';

/** Lengths are rounded up to multiples of these, so that few graphs serve many prompts. */
const PROMPT_STEP = 32;
const CAPACITY_STEP = 64;
/** Texts written at once; more prompts take turns. */
const LARGEST_BATCH = 32;
/** Compiled steps, two for each shape and adapter: a decoder that serves for long meets many. */
const PROGRAMS_KEPT = 16;

export interface GenerationOptions {
  readonly maxNewTokens: number;
  readonly decoding: DecodingSettings;
  readonly seed: number;
  readonly overlay?: Overlay;
  /** Tokens that end a text. */
  readonly endOfText: readonly number[];
  /** "stop" leaves the end token out and ends the text; "forbid" never chooses it, so texts have full length. */
  readonly atEnd: 'stop' | 'forbid';
  /** Further tokens that may not follow, given what a text's continuation is so far. */
  readonly blocked?: ((generated: readonly number[]) => Iterable<number>) | undefined;
  /** Given a text's logits [vocabulary], those that the next token is chosen from instead, before all other settings. */
  readonly adjust?: ((logits: Float32Array) => Float32Array) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called for every new token. */
  readonly onToken?: (prompt: number, token: number) => void;
}

export class Decoder {
  readonly #architecture: Architecture;
  readonly #weights: Weights;
  readonly #programs = new Map<string, CompiledStep>();

  constructor(architecture: Architecture, weights: Weights) {
    this.#architecture = architecture;
    this.#weights = weights;
  }

  /** Continuations of the prompts (token ids), in their order; prompts are not repeated in them. */
  async generate(prompts: readonly (readonly number[])[], options: GenerationOptions): Promise<number[][]> {
    const { contextLength } = this.#architecture.geometry;
    for (const [index, prompt] of prompts.entries()) {
      if (prompt.length === 0)
        throw new LabError('bad-argument', `Prompt ${index + 1} is empty: there is nothing to continue.`);
      if (prompt.length >= contextLength) {
        throw new LabError(
          'bad-argument',
          `Prompt ${index + 1} has ${prompt.length} tokens, but this model reads ${contextLength} at most. Shorten it.`,
          { prompt: index, tokens: prompt.length, contextLength },
        );
      }
    }
    const results: number[][] = [];
    for (let start = 0; start < prompts.length; start += LARGEST_BATCH) {
      const group = prompts.slice(start, start + LARGEST_BATCH);
      results.push(...(await this.#generateBatch(group, start, options)));
    }
    return results;
  }

  async release(): Promise<void> {
    for (const { program } of this.#programs.values()) await program.release();
    this.#programs.clear();
  }

  async #generateBatch(
    prompts: readonly (readonly number[])[],
    first: number,
    options: GenerationOptions,
  ): Promise<number[][]> {
    const { contextLength } = this.#architecture.geometry;
    const longest = Math.max(...prompts.map(({ length }) => length));
    const capacity = Math.min(roundUp(longest + options.maxNewTokens, CAPACITY_STEP), contextLength);
    const batch = prompts.length;
    const texts = prompts.map(
      (prompt, index): Text => ({
        prompt,
        generated: [],
        // Each text has chance of its own: it does not depend on its batch mates.
        random: new Random(options.seed + first + index),
        ended: false,
      }),
    );
    const promptTokens = Math.min(roundUp(longest, PROMPT_STEP), capacity);
    let step = await this.#prepare({ batch, tokens: promptTokens, capacity }, options.overlay ?? NO_OVERLAY);
    const cache = new Map<string, DeviceTensor>();
    for (const [name, shape] of step.graph.cache) {
      cache.set(name, this.#weights.runtime.upload(new Float32Array(elementCount(shape)), shape));
    }
    try {
      let fresh: readonly (readonly number[])[] = prompts;
      while (texts.some((text) => !isDone(text))) {
        options.signal?.throwIfAborted();
        const logits = await step.run(fresh, texts, cache);
        for (const [index, text] of texts.entries()) {
          if (!isDone(text))
            extend(
              text,
              logits.subarray(index * this.#vocabulary, (index + 1) * this.#vocabulary),
              first + index,
            );
        }
        if (fresh === prompts)
          step = await this.#prepare({ batch, tokens: 1, capacity }, options.overlay ?? NO_OVERLAY);
        fresh = texts.map((text) => [text.generated.at(-1) ?? text.prompt.at(-1)!]);
      }
    } finally {
      for (const tensor of cache.values()) tensor.release();
    }
    return texts.map(({ generated }) => generated);

    function isDone({ ended, generated, prompt }: Text): boolean {
      return (
        ended || generated.length >= options.maxNewTokens || prompt.length + generated.length >= capacity
      );
    }

    function extend(text: Text, logits: Float32Array, prompt: number): void {
      const blocked = new Set(options.blocked?.(text.generated));
      if (options.atEnd === 'forbid') for (const token of options.endOfText) blocked.add(token);
      const token = chooseToken(
        options.adjust?.(logits) ?? logits,
        [...text.prompt, ...text.generated],
        options.decoding,
        text.random,
        blocked,
      );
      if (options.atEnd === 'stop' && options.endOfText.includes(token)) {
        text.ended = true;
        return;
      }
      text.generated.push(token);
      options.onToken?.(prompt, token);
    }
  }

  get #vocabulary(): number {
    return this.#architecture.geometry.vocabularySize;
  }

  /** The compiled step for this shape, with its weights in place. */
  async #prepare(shape: Parameters<typeof decodingGraph>[2], overlay: Overlay) {
    const adapterKey = overlay.adapter
      ? [...overlay.tensors].map(([name, tensor]) => [name, tensor.shape])
      : 'none';
    const key = JSON.stringify([shape, adapterKey, overlay.adapter?.scale]);
    const known = this.#programs.get(key) ?? (await this.#compile(shape, overlay.adapter));
    await this.#keep(key, known);
    const { graph, program } = known;
    const base = [...graph.graph.inputs.keys()].filter(
      (name) => this.#weights.shapes.has(name) && !overlay.tensors.has(name),
    );
    const parameters = { ...(await this.#weights.tensors(base)), ...Object.fromEntries(overlay.tensors) };
    return {
      graph,
      run: (
        fresh: readonly (readonly number[])[],
        texts: readonly Text[],
        cache: Map<string, DeviceTensor>,
      ) => this.#run(graph, program, parameters, fresh, texts, cache, shape),
    };
  }

  /** As the last one used; the one that was not used for longest goes. */
  async #keep(key: string, used: CompiledStep): Promise<void> {
    this.#programs.delete(key);
    this.#programs.set(key, used);
    const [oldest] = this.#programs.keys();
    if (this.#programs.size <= PROGRAMS_KEPT || oldest === undefined) return;
    const { program } = this.#programs.get(oldest)!;
    this.#programs.delete(oldest);
    await program.release();
  }

  async #compile(
    shape: Parameters<typeof decodingGraph>[2],
    adapter: AdapterPlan | undefined,
  ): Promise<CompiledStep> {
    const graph = decodingGraph(this.#architecture, adapter, shape);
    return { graph, program: await this.#weights.runtime.compile(graph.graph) };
  }

  /** Runs the new tokens of every text and returns the logits after each text's last one, [batch · vocabulary]. */
  async #run(
    { masks }: DecodingGraph,
    program: Program,
    parameters: DeviceTensors,
    fresh: readonly (readonly number[])[],
    texts: readonly Text[],
    cache: Map<string, DeviceTensor>,
    { batch, tokens, capacity }: Parameters<typeof decodingGraph>[2],
  ): Promise<Float32Array> {
    const { runtime } = this.#weights;
    const heads = this.#architecture.geometry.keyValueHeads;
    const starts = texts.map(
      ({ prompt, generated }, index) => prompt.length + generated.length - fresh[index]!.length,
    );
    const perToken = (compute: (text: number, token: number) => number) =>
      Int32Array.from({ length: batch * tokens }, (_, index) =>
        compute(Math.floor(index / tokens), index % tokens),
      );
    // Places after a text's last token are filled with anything: nobody looks at them, and later tokens replace them.
    const position = (text: number, token: number) => Math.min(starts[text]! + token, capacity - 1);
    const inputs: Record<string, DeviceTensor> = {
      tokens: runtime.upload(
        perToken((text, token) => fresh[text]![token] ?? 0),
        [batch * tokens],
      ),
      positions: runtime.upload(perToken(position), [batch, tokens]),
      rows: runtime.upload(
        Int32Array.from({ length: batch * heads * tokens }, (_, index) => {
          const [pair, token] = [Math.floor(index / tokens), index % tokens];
          return pair * capacity + position(Math.floor(pair / heads), token);
        }),
        [batch * heads * tokens],
      ),
      last: runtime.upload(
        Int32Array.from(fresh, ({ length }, text) => text * tokens + length - 1),
        [batch],
      ),
    };
    for (const [name, slidingWindow = Number.POSITIVE_INFINITY] of masks) {
      const mask = new Float32Array(batch * tokens * capacity).fill(HIDDEN_SCORE);
      for (let row = 0; row < batch * tokens; row++) {
        const looking = position(Math.floor(row / tokens), row % tokens);
        mask.fill(0, row * capacity + Math.max(0, looking - slidingWindow + 1), row * capacity + looking + 1);
      }
      inputs[name] = runtime.upload(mask, [batch, 1, 1, tokens, capacity]);
    }
    const old = Object.fromEntries([...cache].map(([name, tensor]) => [cacheInput(name), tensor]));
    const { logits, ...updated } = await program.run({ ...parameters, ...inputs, ...old });
    for (const tensor of Object.values(inputs)) tensor.release();
    for (const [name, tensor] of Object.entries(updated)) cache.set(name, tensor);
    const numbers = ((await logits!.read()) as Float32Array).slice();
    logits!.release();
    return numbers;
  }
}

interface CompiledStep {
  readonly graph: DecodingGraph;
  readonly program: Program;
}

interface Text {
  readonly prompt: readonly number[];
  readonly generated: number[];
  readonly random: Random;
  ended: boolean;
}

function roundUp(number: number, step: number): number {
  return Math.ceil(number / step) * step;
}
