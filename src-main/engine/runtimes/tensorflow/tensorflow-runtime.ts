/**
 * TensorFlow, operation by operation. A graph is lowered once to a list of instructions; a run goes through the list and
 * deletes each tensor after the last instruction that needs it. What a graph says an output takes over is the run's from
 * its beginning, so that it can be changed in place or go early.
 */
import { setImmediate as otherWork } from 'node:timers/promises';
import { expandAttention } from '../../graph/attention.ts';
import type { Graph } from '../../graph/graph.ts';
import { optimize } from '../../graph/optimize.ts';
import { type DataType, elementCount, type Shape, type TensorData } from '../../graph/value.ts';
import { checkInputs } from '../check-inputs.ts';
import { FULL_PRECISION, holdFixed } from '../fixed-inputs.ts';
import type { DeviceTensor, DeviceTensors, FixedInputs, Products, Program, Runtime } from '../runtime.ts';
import { runtimeError } from '../runtime-error.ts';
import type { Handle, Operator, TensorLibrary } from './library.ts';
import { lowerToTensorFlow } from './lowering.ts';
import type { TensorProgram } from './program.ts';

const BYTES_PER_NUMBER = 4;
/** TensorFlow computes in the thread that also answers the lab: it must hear and tell in between. */
const LONGEST_SILENCE_MILLISECONDS = 100;

export class TensorFlowRuntime implements Runtime {
  readonly name = 'tensorflow';
  readonly takesOpenSizes = false;
  readonly precisions = FULL_PRECISION;
  readonly #library: TensorLibrary;
  readonly #products: Products;
  #bytes = 0;

  /** @param products see `RuntimeOptions` */
  constructor(library: TensorLibrary, products: Products = 'float32') {
    this.#library = library;
    this.#products = products;
  }

  get description(): string {
    const { description } = this.#library;
    return this.#products === 'float32' ? description : `${description}, products in ${this.#products}`;
  }

  async compile(graph: Graph, fixed?: FixedInputs): Promise<Program> {
    const optimized = optimize(expandAttention(graph));
    const program = lowerToTensorFlow(optimized, this.#library.hasVariables, this.#products);
    const operators = program.instructions.map(({ operation, attributes, outputs }) =>
      this.#library.prepare(operation, attributes, outputs.length),
    );
    const constants = program.constants.map(({ slot, data, shape, type }): [number, Handle] => [
      slot,
      this.#library.create(data, shape, type),
    ]);
    const prepared: Program = {
      run: (inputs) => this.#run(graph, program, operators, constants, inputs),
      release: async () => {
        for (const [, tensor] of constants.splice(0)) this.#library.delete(tensor);
      },
    };
    return holdFixed(this, graph, prepared, fixed);
  }

  upload(data: TensorData, shape: Shape): TensorFlowTensor {
    const type = data instanceof Int32Array ? 'int32' : 'float32';
    return this.#hold(this.#library.create(data.slice(), shape, type), shape, type);
  }

  async load(shape: Shape, fill: (numbers: Float32Array) => Promise<unknown>): Promise<TensorFlowTensor> {
    const numbers = new Float32Array(elementCount(shape));
    await fill(numbers);
    return this.#hold(this.#library.create(numbers, shape, 'float32'), shape, 'float32');
  }

  memoryUsed(): number {
    return this.#bytes;
  }

  async close(): Promise<void> {}

  async #run(
    graph: Graph,
    program: TensorProgram,
    operators: readonly Operator[],
    constants: readonly (readonly [number, Handle])[],
    inputs: DeviceTensors,
  ): Promise<Record<string, DeviceTensor>> {
    checkInputs(graph, inputs);
    const tensors = new Array<Handle>(program.slots);
    for (const [slot, tensor] of constants) tensors[slot] = tensor;
    for (const [name, slot] of program.inputs) tensors[slot] = (inputs[name] as TensorFlowTensor).handle;
    /** What this run has made or taken over, and not yet deleted. */
    const alive = new Set<Handle>();
    for (const name of graph.sharing.values()) alive.add((inputs[name] as TensorFlowTensor).handOver());
    let lastHeard = performance.now();
    try {
      for (const [place, { inputs: operands, outputs, lastUses }] of program.instructions.entries()) {
        const results = operators[place]!(operands.map((slot) => tensors[slot]!));
        for (const [index, slot] of outputs.entries()) {
          tensors[slot] = results[index]!;
          alive.add(results[index]!);
        }
        for (const slot of lastUses) {
          alive.delete(tensors[slot]!);
          this.#library.delete(tensors[slot]!);
        }
        if (performance.now() - lastHeard > LONGEST_SILENCE_MILLISECONDS) {
          await otherWork();
          lastHeard = performance.now();
        }
      }
    } catch (cause) {
      for (const tensor of alive) this.#library.delete(tensor);
      throw runtimeError('failed', cause);
    }
    for (const slot of program.outputs.values()) alive.delete(tensors[slot]!);
    // What was taken over and not needed.
    for (const tensor of alive) this.#library.delete(tensor);
    return Object.fromEntries(
      [...graph.outputs].map(([name, { shape, type }]) => [
        name,
        this.#hold(tensors[program.outputs.get(name)!]!, shape, type),
      ]),
    );
  }

  #hold(handle: Handle, shape: Shape, type: DataType): TensorFlowTensor {
    const bytes = elementCount(shape) * BYTES_PER_NUMBER;
    this.#bytes += bytes;
    return new TensorFlowTensor(this.#library, handle, shape, type, () => {
      this.#bytes -= bytes;
    });
  }
}

class TensorFlowTensor implements DeviceTensor {
  readonly handle: Handle;
  readonly shape: Shape;
  readonly type: DataType;
  readonly #library: TensorLibrary;
  #onRelease: (() => void) | undefined;

  constructor(library: TensorLibrary, handle: Handle, shape: Shape, type: DataType, onRelease: () => void) {
    this.#library = library;
    this.handle = handle;
    this.shape = shape;
    this.type = type;
    this.#onRelease = onRelease;
  }

  get bytes(): number {
    return elementCount(this.shape) * BYTES_PER_NUMBER;
  }

  async read(): Promise<TensorData> {
    return this.#library.read(this.handle);
  }

  release(): void {
    if (this.#onRelease !== undefined) this.#library.delete(this.handOver());
  }

  /** The handle is now somebody else's to delete. */
  handOver(): Handle {
    this.#onRelease?.();
    this.#onRelease = undefined;
    return this.handle;
  }
}
