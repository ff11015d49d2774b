/** The graph's own definition (graph/evaluate.ts) as a runtime: slow, in float64, the yardstick of the other runtimes. */
import { evaluate } from '../../graph/evaluate.ts';
import type { Graph } from '../../graph/graph.ts';
import { type DataType, elementCount, type Shape, type TensorData } from '../../graph/value.ts';
import { ArrayTensor } from '../array-tensor.ts';
import { checkInputs } from '../check-inputs.ts';
import { FULL_PRECISION, holdFixed } from '../fixed-inputs.ts';
import type { DeviceTensor, DeviceTensors, FixedInputs, Program, Runtime } from '../runtime.ts';

export class ReferenceRuntime implements Runtime {
  readonly name = 'reference';
  readonly takesOpenSizes = false;
  readonly precisions = FULL_PRECISION;
  readonly description = 'reference (plain JavaScript, float64)';
  #bytes = 0;

  async compile(graph: Graph, fixed?: FixedInputs): Promise<Program> {
    const program = {
      run: async (inputs: DeviceTensors) => this.#run(graph, inputs),
      release: async () => {},
    };
    return holdFixed(this, graph, program, fixed);
  }

  upload(data: TensorData, shape: Shape): DeviceTensor {
    return this.#hold(data.slice(), shape, data instanceof Int32Array ? 'int32' : 'float32');
  }

  async load(shape: Shape, fill: (numbers: Float32Array) => Promise<unknown>): Promise<DeviceTensor> {
    const numbers = new Float32Array(elementCount(shape));
    await fill(numbers);
    return this.#hold(numbers, shape, 'float32');
  }

  memoryUsed(): number {
    return this.#bytes;
  }

  async close(): Promise<void> {}

  #run(graph: Graph, inputs: DeviceTensors): Record<string, DeviceTensor> {
    checkInputs(graph, inputs);
    const numbers = (name: string) => (inputs[name] as ReferenceTensor).data;
    const results = evaluate([...graph.outputs.values()], numbers);
    for (const name of graph.sharing.values()) inputs[name]!.release();
    return Object.fromEntries(
      [...graph.outputs].map(([name, { type, shape }], index) => {
        const data = type === 'int32' ? Int32Array.from(results[index]!) : Float32Array.from(results[index]!);
        return [name, this.#hold(data, shape, type)];
      }),
    );
  }

  #hold(data: TensorData, shape: Shape, type: DataType): ReferenceTensor {
    this.#bytes += data.byteLength;
    return new ReferenceTensor(data, shape, type, () => {
      this.#bytes -= data.byteLength;
    });
  }
}

class ReferenceTensor extends ArrayTensor {
  override async read(): Promise<TensorData> {
    return this.data.slice();
  }
}
