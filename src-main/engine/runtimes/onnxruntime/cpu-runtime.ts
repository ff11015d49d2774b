/**
 * onnxruntime on the processor. Tensors are JavaScript typed arrays that onnxruntime reads and writes in place, so
 * nothing is copied between steps. The memory of released tensors is kept for the next tensor of the same size: a
 * training loop asks for the same sizes again and again.
 */
import { availableParallelism } from 'node:os';
import type ort from 'onnxruntime-node';
import { expandAttention } from '../../graph/attention.ts';
import type { Graph } from '../../graph/graph.ts';
import { optimize } from '../../graph/optimize.ts';
import { type DataType, elementCount, type Shape, type TensorData } from '../../graph/value.ts';
import { checkInputs } from '../check-inputs.ts';
import { WEIGHT_PRECISIONS } from '../quantize.ts';
import type { DeviceTensor, DeviceTensors, FixedInputs, Program, Runtime } from '../runtime.ts';
import { runtimeError } from '../runtime-error.ts';
import { type CacheWrite, emptied, separateCacheWrites, writeFresh } from './cache-writes.ts';
import { CpuTensor } from './cpu-tensor.ts';
import { bytesOf, readForms } from './fixed-forms.ts';
import { fuseElementwise } from './fused-loop.ts';
import { isPartedAttention } from './lowering/attention.ts';
import { openSession } from './session.ts';

const BYTES_PER_NUMBER = 4;

export class CpuRuntime implements Runtime {
  readonly name = 'cpu';
  readonly takesOpenSizes = true;
  readonly precisions = WEIGHT_PRECISIONS;
  readonly description: string;
  readonly #threads: number;
  readonly #pool = new Map<number, ArrayBuffer[]>();
  #bytes = 0;

  /** @param threads of one run. Results are bit-reproducible for one number of threads, not across numbers */
  constructor(threads = availableParallelism()) {
    this.#threads = threads;
    this.description = `CPU (${threads} ${threads === 1 ? 'thread' : 'threads'})`;
  }

  async compile(graph: Graph, fixed: FixedInputs = new Map()): Promise<Program> {
    const { graph: separated, writes } = separateCacheWrites(expandAttention(graph, isPartedAttention));
    const optimized = optimize(separated);
    const loop = fuseElementwise(optimized);
    if (loop) {
      return {
        run: async (inputs) => {
          const { given, outputs } = this.#bind(graph, inputs);
          loop.run(
            new Map([...given].map(([name, { data }]) => [name, data])),
            new Map([...outputs].map(([name, { data }]) => [name, data])),
          );
          return Object.fromEntries(outputs);
        },
        release: async () => {},
      };
    }
    const forms = await readForms(optimized, fixed);
    const session = await openSession(optimized, 'cpu', { intraOpNumThreads: this.#threads }, forms);
    const bytes = [...forms.values()].reduce((sum, form) => sum + bytesOf(form), 0);
    this.#bytes += bytes;
    const given = new Map([...graph.inputs].filter(([name]) => !fixed.has(name)));
    return {
      run: (inputs) => this.#run(session, { ...separated, inputs: given }, writes, inputs),
      release: async () => {
        await session.release();
        this.#bytes -= bytes;
      },
    };
  }

  upload(data: TensorData, shape: Shape): CpuTensor {
    const tensor = this.#allocate(shape, data instanceof Int32Array ? 'int32' : 'float32');
    tensor.data.set(data);
    return tensor;
  }

  async load(shape: Shape, fill: (numbers: Float32Array) => Promise<unknown>): Promise<CpuTensor> {
    const tensor = this.#allocate(shape, 'float32');
    try {
      await fill(tensor.data as Float32Array);
      return tensor;
    } catch (error) {
      tensor.release();
      throw error;
    }
  }

  memoryUsed(): number {
    return this.#bytes;
  }

  async close(): Promise<void> {
    this.#pool.clear();
  }

  async #run(
    session: ort.InferenceSession,
    graph: Graph,
    writes: ReadonlyMap<string, CacheWrite>,
    inputs: DeviceTensors,
  ): Promise<Record<string, DeviceTensor>> {
    const { given, outputs } = this.#bind(graph, inputs);
    const natives = (tensors: ReadonlyMap<string, CpuTensor>) =>
      Object.fromEntries([...tensors].map(([name, { native }]) => [name, native]));
    const feeds = natives(given);
    for (const { cache, starts, isOpen } of writes.values())
      if (isOpen && given.get(starts)!.data.every((start) => start === 0))
        feeds[cache] = emptied(given.get(cache)!);
    try {
      await session.run(feeds, natives(outputs));
    } catch (cause) {
      throw runtimeError('failed', cause);
    }
    for (const [name, { cache, starts }] of writes) {
      const [whole, fresh] = [given.get(cache)!, outputs.get(name)!];
      writeFresh(whole, fresh, given.get(starts)!);
      fresh.release();
      outputs.set(name, whole);
    }
    return Object.fromEntries(outputs);
  }

  /** The graph's inputs, and tensors for its outputs: new ones, or those whose memory they take over. */
  #bind(graph: Graph, inputs: DeviceTensors) {
    const actual = checkInputs(graph, inputs);
    const given = new Map([...graph.inputs.keys()].map((name) => [name, inputs[name] as CpuTensor]));
    const outputs = new Map(
      [...graph.outputs].map(([name, { shape, type }]) => {
        const shared = graph.sharing.get(name);
        return [name, shared === undefined ? this.#allocate(actual(shape), type) : given.get(shared)!];
      }),
    );
    return { given, outputs };
  }

  #allocate(shape: Shape, type: DataType): CpuTensor {
    const bytes = elementCount(shape) * BYTES_PER_NUMBER;
    const buffer = this.#pool.get(bytes)?.pop() ?? new ArrayBuffer(bytes);
    this.#bytes += bytes;
    return new CpuTensor(buffer, shape, type, () => {
      this.#bytes -= bytes;
      const waiting = this.#pool.get(bytes);
      if (waiting) waiting.push(buffer);
      else this.#pool.set(bytes, [buffer]);
    });
  }
}
