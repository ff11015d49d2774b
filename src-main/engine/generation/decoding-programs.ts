/**
 * The compiled steps of a decoder. Where graphs may have open sizes, one program serves batches and texts of any length
 * and adapters of any rank; elsewhere there is one for each. A decoder that has the model to itself puts the weights into
 * the program, where they are computed with fastest; one that shares them with others gives them to each run.
 *
 * A model is divided where what is laid over it begins to change it: what the blocks before make of prompts can then be used
 * again (prompt-states.ts), and their program by everything that is laid over later blocks.
 */
import type { Architecture } from '../architectures/architecture.ts';
import { openSizes } from '../graph/open-sizes.ts';
import { elementCount, type Shape } from '../graph/value.ts';
import { NO_OVERLAY, type Overlay } from '../model/overlay.ts';
import type { Weights } from '../model/weights.ts';
import { checkPrecision } from '../runtimes/fixed-inputs.ts';
import type { WeightPrecision } from '../runtimes/quantize.ts';
import type { DeviceTensor, DeviceTensors, FixedInput, Program } from '../runtimes/runtime.ts';
import {
  ADAPTER_SCALE,
  type BlockRange,
  type DecodingGraph,
  type DecodingShape,
  decodingGraph,
} from './decoding-graph.ts';

/** Whether others need the base weights in memory as well, such as a trainer; or in which precision a decoder keeps its own. */
export type WeightUse = 'shared' | WeightPrecision;

/** Compiled steps of shared weights: a decoder that serves for long meets many. */
const PROGRAMS_KEPT = 16;
/** Positions that a program for all lengths knows at least. */
const LEAST_POSITIONS = 2048;
const MATRIX_A = '.lora_A.weight';

/** One program of a step. Of two, the first has blocks that nothing is laid over. */
export interface StepPart {
  readonly blocks: BlockRange;
  /** Names of the cache's tensors. */
  readonly cache: readonly string[];
  /** Inputs and outputs of a decoding graph, whose parameters are in place. */
  run(inputs: DeviceTensors): Promise<Record<string, DeviceTensor>>;
}

interface Compiled extends DecodingGraph {
  readonly program: Program;
  /** Linear modules that take an adapter. */
  readonly modules: ReadonlySet<string>;
  /** Parameters that are given to each run in place of the base's. */
  readonly replaced: readonly string[];
  readonly positionCount: number;
  /** Adapter matrices for modules that a run has no adapter for, by name and rank. */
  readonly zeros: Map<string, DeviceTensor>;
}

export class DecodingPrograms {
  readonly #architecture: Architecture;
  readonly #weights: Weights;
  readonly #use: WeightUse;
  readonly #kept = new Map<string, Compiled>();
  /** Of the programs that have the weights in them. */
  #division = 0;

  constructor(architecture: Architecture, weights: Weights, use: WeightUse) {
    this.#architecture = architecture;
    this.#weights = weights;
    if (use !== 'shared') checkPrecision(weights.runtime, use);
    this.#use = weights.runtime.takesOpenSizes ? use : 'shared';
  }

  /** The compiled step for this shape, in parts that follow each other. */
  async prepare(shape: DecodingShape, overlay: Overlay = NO_OVERLAY): Promise<StepPart[]> {
    const { blocks } = this.#architecture.geometry;
    const division = await this.#divide(overlay);
    const rest = await this.#preparePart({ from: division, to: blocks }, shape, overlay);
    return division === 0
      ? [rest]
      : [await this.#preparePart({ from: 0, to: division }, shape, NO_OVERLAY), rest];
  }

  async #preparePart(blocks: BlockRange, shape: DecodingShape, overlay: Overlay): Promise<StepPart> {
    const compiled =
      this.#use === 'shared'
        ? await this.#shared(blocks, shape, overlay)
        : await this.#own(blocks, shape, overlay);
    const { graph, cache, program } = compiled;
    const base = [...graph.inputs.keys()].filter(
      (name) => this.#use === 'shared' && this.#weights.shapes.has(name) && !overlay.tensors.has(name),
    );
    const parameters: DeviceTensors = {
      ...(await this.#weights.tensors(base)),
      ...this.#adapter(compiled, overlay),
      ...Object.fromEntries(overlay.tensors),
    };
    return { blocks, cache, run: (inputs) => program.run({ ...parameters, ...inputs }) };
  }

  async release(): Promise<void> {
    for (const key of [...this.#kept.keys()]) await this.#drop(key);
  }

  /** The first block that this changes; 0 where it changes what comes before, and all blocks where it changes none. */
  #firstChanged({ tensors }: Overlay): number {
    const { layout } = this.#weights;
    const names = [...tensors.keys()];
    if (names.some((name) => layout.embedding.has(name))) return 0;
    const isChanged = (block: number) => {
      const path = `${this.#architecture.blockPath(block)}.`;
      return names.some((name) => name.startsWith(path));
    };
    const changed = layout.blocks.findIndex((_, block) => isChanged(block));
    return changed === -1 ? layout.blocks.length : changed;
  }

  /**
   * The block before which the model is divided; 0: it is not. Programs with weights in them stay as they are for as long
   * as they serve; they are not divided where one table is embedding and head, which would lie in both.
   */
  async #divide(overlay: Overlay): Promise<number> {
    const { blocks, tiedHead } = this.#architecture.geometry;
    const first = this.#firstChanged(overlay);
    const isOwn = this.#use !== 'shared';
    const wanted = first === blocks || (isOwn && tiedHead) ? 0 : first;
    if (!isOwn) return wanted;
    const held = this.#division;
    const whole = this.#kept.get(JSON.stringify({ from: 0, to: blocks }));
    const serves =
      held === wanted ||
      (held === 0 && whole !== undefined && adaptedModules(overlay).isSubsetOf(whole.modules)) ||
      (held > 0 && held <= first);
    if (serves) return held;
    await this.release();
    this.#division = wanted;
    return wanted;
  }

  /**
   * One program for these blocks at a time, as the weights are in it. It also writes what asks for fewer adapters than it
   * takes.
   */
  async #own(blocks: BlockRange, shape: DecodingShape, overlay: Overlay): Promise<Compiled> {
    const key = JSON.stringify(blocks);
    const held = this.#kept.get(key);
    const [modules, replaced] = [adaptedModules(overlay), this.#replaced(overlay)];
    const serves =
      held !== undefined &&
      modules.isSubsetOf(held.modules) &&
      replaced.join() === held.replaced.join() &&
      shape.capacity <= held.positionCount;
    if (serves) return held;
    // Before the next is made: two may be more than there is memory for.
    await this.#drop(key);
    const compiled = await this.#compile(blocks, shape, overlay, modules.union(held?.modules ?? new Set()));
    this.#kept.set(key, compiled);
    return compiled;
  }

  async #shared(blocks: BlockRange, shape: DecodingShape, overlay: Overlay): Promise<Compiled> {
    const modules = adaptedModules(overlay);
    const isOpen = this.#weights.runtime.takesOpenSizes;
    const particular = isOpen ? [this.#positions(shape)] : [shape, overlay.adapter?.rank];
    const key = JSON.stringify([blocks, ...particular, [...modules]]);
    const compiled = this.#kept.get(key) ?? (await this.#compile(blocks, shape, overlay, modules));
    // As the last one used; the one that was not used for longest goes.
    this.#kept.delete(key);
    this.#kept.set(key, compiled);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > PROGRAMS_KEPT) await this.#drop(oldest!);
    return compiled;
  }

  async #compile(
    blocks: BlockRange,
    shape: DecodingShape,
    overlay: Overlay,
    modules: ReadonlySet<string>,
  ): Promise<Compiled> {
    const { runtime, shapes } = this.#weights;
    const targets = (module: string) => modules.has(module);
    const positionCount = this.#positions(shape);
    const sizes = [...shapes.values()].flat();
    const open = openSizes(['batch', 'tokens', 'capacity', 'looks', 'rank'], [...sizes, positionCount]);
    const adapter = (rank: number) => (modules.size === 0 ? undefined : { rank, targets });
    const graph = runtime.takesOpenSizes
      ? decodingGraph(this.#architecture, blocks, adapter(open.rank), open, positionCount, open)
      : decodingGraph(this.#architecture, blocks, adapter(overlay.adapter?.rank ?? 1), shape, positionCount);
    const replaced = this.#replaced(overlay);
    const fixed = new Map<string, FixedInput>();
    if (this.#use !== 'shared') {
      for (const name of graph.graph.inputs.keys())
        if (shapes.has(name) && !replaced.includes(name))
          fixed.set(name, this.#weights.fixed(name, this.#use));
    }
    const program = await runtime.compile(graph.graph, fixed);
    return { ...graph, program, modules, replaced, positionCount, zeros: new Map() };
  }

  #replaced(overlay: Overlay): string[] {
    return [...overlay.tensors.keys()].filter((name) => this.#weights.shapes.has(name)).sort();
  }

  /** Positions that a program for this shape knows, so that few are needed while texts grow. */
  #positions({ capacity }: DecodingShape): number {
    if (!this.#weights.runtime.takesOpenSizes) return capacity;
    const enough = Math.max(LEAST_POSITIONS, 2 ** Math.ceil(Math.log2(capacity)));
    return Math.min(enough, this.#architecture.geometry.contextLength);
  }

  /** What a program with adapters is given besides those that are laid over: zeros change nothing. */
  #adapter({ graph, modules, zeros }: Compiled, { adapter, tensors }: Overlay): DeviceTensors {
    if (modules.size === 0) return {};
    const rank = adapter?.rank ?? 1;
    const given: Record<string, DeviceTensor> = {};
    const hold = (key: string, make: () => { data: Float32Array; shape: Shape }) => {
      const known = zeros.get(key);
      if (known) return known;
      const { data, shape } = make();
      const tensor = this.#weights.runtime.upload(data, shape);
      zeros.set(key, tensor);
      return tensor;
    };
    const scale = adapter?.scale ?? 0;
    given[ADAPTER_SCALE] = hold(`scale ${scale}`, () => ({ data: Float32Array.of(scale), shape: [] }));
    for (const module of modules) {
      if (tensors.has(`${module}${MATRIX_A}`)) continue;
      for (const [axis, name] of [`${module}${MATRIX_A}`, `${module}.lora_B.weight`].entries()) {
        given[name] = hold(`${name} ${rank}`, () => {
          const shape = graph.inputs.get(name)!.shape.map((size, place) => (place === axis ? rank : size));
          return { data: new Float32Array(elementCount(shape)), shape };
        });
      }
    }
    return given;
  }

  async #drop(key: string): Promise<void> {
    const compiled = this.#kept.get(key);
    this.#kept.delete(key);
    for (const tensor of compiled?.zeros.values() ?? []) tensor.release();
    await compiled?.program.release();
  }
}

/** Paths of the linear modules that the overlay has an adapter for. */
function adaptedModules({ tensors }: Overlay): ReadonlySet<string> {
  return new Set(
    [...tensors.keys()]
      .filter((name) => name.endsWith(MATRIX_A))
      .map((name) => name.slice(0, -MATRIX_A.length)),
  );
}
