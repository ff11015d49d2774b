/**
 * Writes on from prompts, all of a batch at once. A decoder belongs to one base model in memory; what is laid over it
 * (an adapter, or weights in training) comes with each call, so one base serves many arms of a comparison.
 */
import type { Architecture } from '../architectures/architecture.ts';
import { LabError } from '../errors.ts';
import { elementCount } from '../graph/value.ts';
import type { Overlay } from '../model/overlay.ts';
import type { Weights } from '../model/weights.ts';
import { Random } from '../random.ts';
import type { DeviceTensor, DeviceTensors } from '../runtimes/runtime.ts';
import { chooseToken } from './choose-token.ts';
import type { DecodingSettings } from './decoding.ts';
import { cacheInput } from './decoding-graph.ts';
import { DecodingPrograms, type StepPart, type WeightUse } from './decoding-programs.ts';
import { PromptStates } from './prompt-states.ts';

/** Lengths are rounded up to multiples of these, so that few graphs serve many prompts. */
const PROMPT_STEP = 32;
const CAPACITY_STEP = 64;
/** Texts written at once; more prompts take turns. */
const LARGEST_BATCH = 32;
/** Numbers of logits that are held at once where a text is read: 64 MiB in float32. */
const LOGITS_AT_ONCE = 1 << 24;

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

export interface ReadingOptions {
  readonly overlay?: Overlay | undefined;
  readonly from?: number;
  readonly signal?: AbortSignal | undefined;
}

export class Decoder {
  readonly #architecture: Architecture;
  readonly #weights: Weights;
  readonly #programs: DecodingPrograms;
  readonly #promptStates: PromptStates;

  /** @throws LabError 'bad-argument' for a precision that the runtime does not have */
  constructor(architecture: Architecture, weights: Weights, use: WeightUse = 'shared') {
    this.#architecture = architecture;
    this.#weights = weights;
    this.#programs = new DecodingPrograms(architecture, weights, use);
    this.#promptStates = new PromptStates(weights.runtime);
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

  /**
   * Calls `visit` with the logits [vocabulary] after each token of a text from place `from` on. They are a view that holds
   * until the call returns.
   * @throws LabError 'bad-argument' for no token, or more than the model reads
   */
  async eachLogits(
    tokens: readonly number[],
    { overlay, from = 0, signal }: ReadingOptions,
    visit: (logits: Float32Array, position: number) => void,
  ): Promise<void> {
    const { contextLength } = this.#architecture.geometry;
    if (tokens.length === 0 || tokens.length > contextLength) {
      throw new LabError(
        'bad-argument',
        `The text has ${tokens.length} tokens, but this model reads 1 to ${contextLength}.`,
        { tokens: tokens.length, contextLength },
      );
    }
    const capacity = Math.min(roundUp(tokens.length, CAPACITY_STEP), contextLength);
    const looks = Math.max(1, Math.min(tokens.length - from, Math.floor(LOGITS_AT_ONCE / this.#vocabulary)));
    const parts = await this.#programs.prepare({ batch: 1, tokens: capacity, capacity, looks }, overlay);
    for (let first = from; first < tokens.length; first += looks) {
      signal?.throwIfAborted();
      const batch: Batch = { texts: [newText(0, tokens, 0)], capacity, cache: new Map() };
      const places = Array.from({ length: looks }, (_, look) => Math.min(first + look, tokens.length - 1));
      const logits = await this.#run(parts, batch, capacity, places);
      for (const tensor of batch.cache.values()) tensor.release();
      const numbers = (await logits.read()) as Float32Array;
      for (let look = 0; look < Math.min(looks, tokens.length - first); look++)
        visit(numbers.subarray(look * this.#vocabulary, (look + 1) * this.#vocabulary), first + look);
      logits.release();
    }
  }

  release(): Promise<void> {
    this.#promptStates.clear();
    return this.#programs.release();
  }

  async #generateBatch(
    prompts: readonly (readonly number[])[],
    first: number,
    options: GenerationOptions,
  ): Promise<number[][]> {
    const { contextLength } = this.#architecture.geometry;
    const { runtime } = this.#weights;
    const longest = Math.max(...prompts.map(({ length }) => length));
    const capacity = Math.min(roundUp(longest + options.maxNewTokens, CAPACITY_STEP), contextLength);
    const texts = prompts.map((prompt, index) => newText(first + index, prompt, options.seed));
    let batch: Batch = { texts, capacity, cache: new Map() };
    try {
      for (let tokens = Math.min(roundUp(longest, PROMPT_STEP), capacity); ; tokens = 1) {
        options.signal?.throwIfAborted();
        const shape = { batch: batch.texts.length, tokens, capacity, looks: batch.texts.length };
        const parts = await this.#programs.prepare(shape, options.overlay);
        const logits = await this.#run(parts, batch, tokens);
        const numbers = (await logits.read()) as Float32Array;
        for (const [row, text] of batch.texts.entries()) {
          if (!isDone(text))
            extend(text, numbers.subarray(row * this.#vocabulary, (row + 1) * this.#vocabulary));
        }
        logits.release();
        const left = batch.texts.filter((text) => !isDone(text));
        if (left.length === 0) break;
        // Texts that ended cost no more, where a smaller batch needs no other program.
        if (runtime.takesOpenSizes && left.length <= batch.texts.length / 2)
          batch = await this.#shrink(batch, left);
      }
    } finally {
      for (const tensor of batch.cache.values()) tensor.release();
    }
    return texts.map(({ generated }) => generated);

    function isDone({ ended, generated, prompt }: Text): boolean {
      return (
        ended || generated.length >= options.maxNewTokens || prompt.length + generated.length >= capacity
      );
    }

    function extend(text: Text, logits: Float32Array): void {
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
      options.onToken?.(text.place, token);
    }
  }

  get #vocabulary(): number {
    return this.#architecture.geometry.vocabularySize;
  }

  /**
   * Runs the new tokens of every text, its prompt or the last one written.
   * @param tokens of each text, as far as it has so many
   * @param looks places among all of these whose logits are asked for: after each text's last one, if not said
   * @returns logits [looks, vocabulary]
   */
  async #run(
    parts: readonly StepPart[],
    batch: Batch,
    tokens: number,
    looks?: readonly number[],
  ): Promise<DeviceTensor> {
    const { runtime } = this.#weights;
    const { texts } = batch;
    const fresh = texts.map(({ prompt, generated }) =>
      generated.length === 0 ? prompt : generated.slice(-1),
    );
    const starts = texts.map(
      ({ prompt, generated }, row) => prompt.length + generated.length - fresh[row]!.length,
    );
    const perToken = (compute: (row: number, token: number) => number) =>
      Int32Array.from({ length: texts.length * tokens }, (_, index) =>
        compute(Math.floor(index / tokens), index % tokens),
      );
    const asked = looks ?? fresh.map(({ length }, row) => row * tokens + length - 1);
    // Places after a text's last token are filled with anything: nobody looks at them, and later tokens replace them.
    const inputs: Record<string, DeviceTensor> = {
      tokens: runtime.upload(
        perToken((row, token) => fresh[row]![token] ?? 0),
        [texts.length * tokens],
      ),
      positions: runtime.upload(
        perToken((row, token) => starts[row]! + token),
        [texts.length, tokens],
      ),
      starts: runtime.upload(Int32Array.from(starts), [texts.length]),
      looks: runtime.upload(Int32Array.from(asked), [asked.length]),
    };
    try {
      for (const [place, part] of parts.entries()) {
        // Texts that are only looked at are long and many: they are not kept.
        const isPrompt = looks === undefined && batch.cache.size === 0;
        const outputs =
          isPrompt && place < parts.length - 1
            ? await this.#readPrompts(part, batch, tokens, inputs)
            : await this.#runPart(part, batch, inputs);
        const { logits, hidden, ...updated } = outputs;
        for (const [name, tensor] of Object.entries(updated)) batch.cache.set(name, tensor);
        if (logits) return logits;
        inputs.hidden = hidden!;
      }
      throw new Error('no part of the step gave logits');
    } finally {
      for (const tensor of Object.values(inputs)) tensor.release();
    }
  }

  /** @param inputs besides those from the cache */
  #runPart(part: StepPart, { texts, capacity, cache }: Batch, inputs: DeviceTensors) {
    const { keyValueHeads, headWidth } = this.#architecture.geometry;
    const shape = [texts.length, keyValueHeads, capacity, headWidth];
    for (const name of part.cache)
      if (!cache.has(name))
        cache.set(name, this.#weights.runtime.upload(new Float32Array(elementCount(shape)), shape));
    const old = part.cache.map((name) => [cacheInput(name), cache.get(name)!]);
    return part.run({ ...inputs, ...Object.fromEntries(old) });
  }

  /** Runs blocks that nothing is laid over on the prompts, unless what they give is known. */
  async #readPrompts(part: StepPart, batch: Batch, tokens: number, inputs: DeviceTensors) {
    const key = JSON.stringify([part.blocks, tokens, batch.texts.map(({ prompt }) => prompt)]);
    const known = this.#promptStates.find(key, batch.capacity);
    if (known) return known;
    const outputs = await this.#runPart(part, batch, inputs);
    await this.#promptStates.keep(key, outputs, tokens);
    return outputs;
  }

  /** The same batch with these of its texts alone. */
  async #shrink({ texts, capacity, cache }: Batch, left: readonly Text[]): Promise<Batch> {
    const smaller = new Map<string, DeviceTensor>();
    for (const [name, tensor] of cache) {
      const numbers = await tensor.read();
      const size = numbers.length / texts.length;
      const kept = new Float32Array(left.length * size);
      for (const [row, text] of left.entries()) {
        const place = texts.indexOf(text);
        kept.set(numbers.subarray(place * size, (place + 1) * size), row * size);
      }
      smaller.set(name, this.#weights.runtime.upload(kept, [left.length, ...tensor.shape.slice(1)]));
      tensor.release();
    }
    return { texts: left, capacity, cache: smaller };
  }
}

/** Texts that are written together, and their cache: empty until the prompts are read. */
interface Batch {
  readonly texts: readonly Text[];
  readonly capacity: number;
  readonly cache: Map<string, DeviceTensor>;
}

interface Text {
  /** Among all prompts. */
  readonly place: number;
  readonly prompt: readonly number[];
  readonly generated: number[];
  readonly random: Random;
  ended: boolean;
}

function newText(place: number, prompt: readonly number[], seed: number): Text {
  // Each text has chance of its own: it does not depend on its batch mates.
  return { place, prompt, generated: [], random: new Random(seed + place), ended: false };
}

function roundUp(number: number, step: number): number {
  return Math.ceil(number / step) * step;
}
