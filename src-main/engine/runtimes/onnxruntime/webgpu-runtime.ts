/**
 * onnxruntime on a graphics processor through WebGPU (Dawn: Vulkan, Metal or Direct3D 12). Results stay on the device
 * and are fed back as inputs. A tensor that is uploaded waits in main memory until a program first needs it; large ones
 * are then moved to the device once, small ones (token ids, learning rates) travel with each run. Moving is done by
 * sessions that return their input, as reading a device tensor directly aborts the process (onnxruntime-node 1.30).
 */
import ort from 'onnxruntime-node';
import { LabError } from '../../errors.ts';
import { expandAttention } from '../../graph/attention.ts';
import type { Graph } from '../../graph/graph.ts';
import { optimize } from '../../graph/optimize.ts';
import { type DataType, elementCount, type Shape, type TensorData } from '../../graph/value.ts';
import { checkInputs } from '../check-inputs.ts';
import { FULL_PRECISION, holdFixed } from '../fixed-inputs.ts';
import type { DeviceTensor, DeviceTensors, FixedInputs, Program, Runtime } from '../runtime.ts';
import { runtimeError } from '../runtime-error.ts';
import { encodeOnnx } from './onnx-format.ts';
import { openModel, openSession } from './session.ts';

const BYTES_PER_NUMBER = 4;
/** Below this many numbers a tensor travels with each run. */
const SMALLEST_MOVED = 1024;

export class WebGpuRuntime implements Runtime {
  readonly name = 'webgpu';
  readonly takesOpenSizes = false;
  readonly precisions = FULL_PRECISION;
  readonly description = 'GPU (WebGPU)';
  /** Sessions that return their input to another place, by place, type and rank. */
  readonly #movers = new Map<string, Promise<ort.InferenceSession>>();
  #bytes = 0;

  private constructor() {}

  /** Throws 'runtime-unavailable' where there is no usable adapter. */
  static async open(): Promise<WebGpuRuntime> {
    try {
      const runtime = new WebGpuRuntime();
      const probe = runtime.upload(new Float32Array(SMALLEST_MOVED).fill(1), [SMALLEST_MOVED]);
      await probe.onDevice();
      const [first] = await probe.read();
      probe.release();
      if (first !== 1) throw new Error('a number came back changed');
      return runtime;
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new LabError(
        'runtime-unavailable',
        'No graphics processor can be used through WebGPU here. Choose the CPU instead.',
        { reason },
        { cause },
      );
    }
  }

  async compile(graph: Graph, fixed?: FixedInputs): Promise<Program> {
    const locations = Object.fromEntries(
      [...graph.outputs.keys()].map((name) => [name, 'gpu-buffer' as const]),
    );
    const session = await openSession(optimize(expandAttention(graph)), 'webgpu', {
      preferredOutputLocation: locations,
    });
    const program: Program = {
      run: (inputs) => this.#run(session, graph, inputs),
      release: () => session.release(),
    };
    return holdFixed(this, graph, program, fixed);
  }

  upload(data: TensorData, shape: Shape): WebGpuTensor {
    const type = data instanceof Int32Array ? 'int32' : 'float32';
    return this.#hold(new ort.Tensor(type, data.slice(), shape), shape, type);
  }

  async load(shape: Shape, fill: (numbers: Float32Array) => Promise<unknown>): Promise<WebGpuTensor> {
    const numbers = new Float32Array(elementCount(shape));
    await fill(numbers);
    return this.#hold(new ort.Tensor('float32', numbers, shape), shape, 'float32');
  }

  memoryUsed(): number {
    return this.#bytes;
  }

  async close(): Promise<void> {
    for (const mover of this.#movers.values()) await (await mover).release();
  }

  async #move(native: ort.Tensor, to: 'cpu' | 'gpu-buffer'): Promise<ort.Tensor> {
    const [rank, type] = [native.dims.length, native.type as DataType];
    const key = `${to} ${type} ${rank}`;
    const mover =
      this.#movers.get(key) ??
      openModel(identityModel(type, rank), 'webgpu', { preferredOutputLocation: { moved: to } });
    this.#movers.set(key, mover);
    const { moved } = await (await mover).run({ given: native });
    return moved as ort.Tensor;
  }

  async #run(
    session: ort.InferenceSession,
    graph: Graph,
    inputs: DeviceTensors,
  ): Promise<Record<string, DeviceTensor>> {
    checkInputs(graph, inputs);
    const feeds: Record<string, ort.Tensor> = {};
    for (const name of graph.inputs.keys()) feeds[name] = await (inputs[name] as WebGpuTensor).onDevice();
    try {
      const results = await session.run(feeds);
      for (const name of graph.sharing.values()) inputs[name]!.release();
      return Object.fromEntries(
        [...graph.outputs].map(([name, { shape, type }]) => [
          name,
          this.#hold(results[name] as ort.Tensor, shape, type),
        ]),
      );
    } catch (cause) {
      throw runtimeError('failed', cause);
    }
  }

  #hold(native: ort.Tensor, shape: Shape, type: DataType): WebGpuTensor {
    const bytes = elementCount(shape) * BYTES_PER_NUMBER;
    this.#bytes += bytes;
    const move: Move = (tensor, to) => this.#move(tensor, to);
    return new WebGpuTensor(native, shape, type, move, () => {
      this.#bytes -= bytes;
    });
  }
}

type Move = (native: ort.Tensor, to: 'cpu' | 'gpu-buffer') => Promise<ort.Tensor>;

class WebGpuTensor implements DeviceTensor {
  readonly shape: Shape;
  readonly type: DataType;
  #native: ort.Tensor;
  readonly #move: Move;
  #onRelease: (() => void) | undefined;

  constructor(native: ort.Tensor, shape: Shape, type: DataType, move: Move, onRelease: () => void) {
    this.#native = native;
    this.shape = shape;
    this.type = type;
    this.#move = move;
    this.#onRelease = onRelease;
  }

  get bytes(): number {
    return elementCount(this.shape) * BYTES_PER_NUMBER;
  }

  /** The native tensor, moved to the device if it is large and not yet there. */
  async onDevice(): Promise<ort.Tensor> {
    if (
      this.#native.location === 'cpu' &&
      this.type === 'float32' &&
      elementCount(this.shape) >= SMALLEST_MOVED
    ) {
      this.#native = await this.#move(this.#native, 'gpu-buffer');
    }
    return this.#native;
  }

  async read(): Promise<TensorData> {
    const here = this.#native.location === 'cpu' ? this.#native : await this.#move(this.#native, 'cpu');
    return here.data as TensorData;
  }

  release(): void {
    if (this.#onRelease === undefined) return;
    this.#onRelease();
    this.#onRelease = undefined;
    this.#native.dispose();
  }
}

/** Returns its input: the session decides where the result lies. */
function identityModel(type: DataType, rank: number): Uint8Array {
  const shape = Array.from({ length: rank }, (_, axis) => `size${axis}`);
  const port = (name: string) => ({ name, type, shape });
  return encodeOnnx({
    nodes: [{ opType: 'Identity', domain: '', inputs: ['given'], outputs: ['moved'], attributes: {} }],
    initializers: [],
    inputs: [port('given')],
    outputs: [port('moved')],
  });
}
