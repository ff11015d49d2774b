/**
 * From our graph to an ONNX model: each operation becomes the ONNX operators that compute it fastest on the execution
 * provider at hand. Which operators have a WebGPU kernel was tried one by one: FusedMatMul has none, so there a
 * transposed operand is transposed first.
 */
import { type Graph, topologicalOrder } from '../../graph/graph.ts';
import { elementCount, type Shape, sameShape, type Value } from '../../graph/value.ts';
import {
  type AttributeValue,
  type ElementType,
  encodeOnnx,
  type OnnxInitializer,
  type OnnxNode,
} from './onnx-format.ts';

export type ExecutionProvider = 'cpu' | 'webgpu';

/** onnxruntime's own operators. */
const MICROSOFT = 'com.microsoft';

const UNARY = {
  negate: 'Neg',
  exp: 'Exp',
  log: 'Log',
  sqrt: 'Sqrt',
  tanh: 'Tanh',
  sigmoid: 'Sigmoid',
} as const;
const BINARY = { subtract: 'Sub', multiply: 'Mul', divide: 'Div' } as const;

/** The ONNX file of a graph, in memory. Inputs and outputs keep the graph's names. */
export function lowerToOnnx(graph: Graph, provider: ExecutionProvider): Uint8Array {
  const order = topologicalOrder([...graph.outputs.values()]);
  const lowering = new Lowering(provider, addends(order, graph));
  const names = new Map([...graph.outputs].map(([name, value]) => [value, name]));
  for (const value of order) lowering.visit(value, names.get(value));
  for (const [name, value] of graph.outputs) lowering.output(name, value);
  return encodeOnnx({
    nodes: lowering.nodes,
    initializers: [...lowering.initializers.values()],
    inputs: [...graph.inputs].map(([name, { type, shape }]) => ({ name, type, shape })),
    outputs: [...graph.outputs].map(([name, { type, shape }]) => ({ name, type, shape })),
  });
}

/** Each sum x + y whose y is a product or a scatter that nothing else needs, and adds itself to x: sum → y. */
function addends(order: readonly Value[], graph: Graph): ReadonlyMap<Value, Value> {
  const uses = new Map<Value, number>();
  const count = (value: Value) => uses.set(value, (uses.get(value) ?? 0) + 1);
  for (const { inputs } of order) inputs.forEach(count);
  [...graph.outputs.values()].forEach(count);
  const addsItself = (value: Value) =>
    uses.get(value) === 1 &&
    ((value.operation.kind === 'matmul' && isGemm(value)) || value.operation.kind === 'scatterRows');
  const found = new Map<Value, Value>();
  for (const sum of order) {
    if (sum.operation.kind !== 'add' || !sum.inputs.every(({ shape }) => sameShape(shape, sum.shape)))
      continue;
    const addend = sum.inputs.findLast(addsItself);
    if (addend !== undefined) found.set(sum, addend);
  }
  return found;
}

function isGemm({ inputs }: Value): boolean {
  return inputs.every(({ shape }) => shape.length === 2);
}

interface Normalization {
  readonly normalized: string;
  readonly inverseRms: string;
}

class Lowering {
  readonly nodes: OnnxNode[] = [];
  readonly initializers = new Map<string, OnnxInitializer>();
  readonly #provider: ExecutionProvider;
  /** See `addends`. */
  readonly #addends: ReadonlyMap<Value, Value>;
  readonly #absorbed: ReadonlySet<Value>;
  readonly #names = new Map<Value, string>();
  /** What one operator computes together, by the name of what it normalizes. */
  readonly #normalizations = new Map<string, Normalization>();
  #count = 0;

  constructor(provider: ExecutionProvider, addends: ReadonlyMap<Value, Value>) {
    this.#provider = provider;
    this.#addends = addends;
    this.#absorbed = new Set(addends.values());
  }

  /** @param outputName what the graph calls the value if it is an output: its operator then writes there at once. */
  visit(value: Value, outputName: string | undefined): void {
    if (this.#absorbed.has(value)) return;
    let name = this.#lower(value);
    const last = this.nodes.at(-1);
    if (outputName !== undefined && last?.outputs.length === 1 && last.outputs[0] === name) {
      this.nodes[this.nodes.length - 1] = { ...last, outputs: [outputName] };
      name = outputName;
    }
    this.#names.set(value, name);
  }

  /** An input, a constant or a value with several names is copied to its output. */
  output(outputName: string, value: Value): void {
    const name = this.#names.get(value)!;
    if (name === outputName) return;
    this.nodes.push({
      opType: 'Identity',
      domain: '',
      inputs: [name],
      outputs: [outputName],
      attributes: {},
    });
  }

  #lower(value: Value): string {
    const { operation, inputs, shape } = value;
    const names = inputs.map((operand) => this.#names.get(operand)!);
    const [x, y] = names as [string, string];
    switch (operation.kind) {
      case 'input':
        return operation.name;
      case 'constant':
        return this.#constant(operation.data, shape, value.type);
      case 'negate':
      case 'exp':
      case 'log':
      case 'sqrt':
      case 'tanh':
      case 'sigmoid':
        return this.#node(UNARY[operation.kind], [x]);
      case 'add': {
        const addend = this.#addends.get(value);
        return addend === undefined ? this.#node('Add', names) : this.#addTo(value, addend);
      }
      case 'subtract':
      case 'multiply':
      case 'divide':
        return this.#node(BINARY[operation.kind], names);
      case 'equal':
        return this.#cast(this.#node('Equal', names), 'float32');
      case 'matmul':
        return this.#matmul(value, names as [string, string], operation);
      case 'reshape':
        return this.#reshape(x, shape);
      case 'transpose':
        return this.#node('Transpose', [x], { perm: operation.permutation });
      case 'broadcast':
        return this.#node('Expand', [x, this.#int64(shape)]);
      case 'slice': {
        const bounds = [operation.start, operation.end, operation.axis].map((number) =>
          this.#int64([number]),
        );
        return this.#node('Slice', [x, ...bounds]);
      }
      case 'pad': {
        const pads = [operation.before, operation.after].flatMap((size) =>
          shape.map((_, axis) => (axis === operation.axis ? size : 0)),
        );
        return this.#node('Pad', [x, this.#int64(pads)], { mode: 'constant' });
      }
      case 'concat':
        return this.#node('Concat', names, { axis: operation.axis });
      case 'sum':
        return this.#node('ReduceSum', [x, this.#int64(operation.axes)], { keepdims: 1 });
      case 'max':
        return this.#node('ReduceMax', [x], { axes: [operation.axis], keepdims: 1 });
      case 'argMax':
        return this.#cast(this.#node('ArgMax', [x], { axis: -1, keepdims: 0 }), 'int32');
      case 'softmax':
        return this.#node('Softmax', [x], { axis: -1 });
      case 'gatherRows':
        return this.#node('Gather', [x, y], { axis: 0 });
      case 'scatterRows':
        return this.#scatterRows(value, this.#zeros(shape));
      case 'writeRows':
        return this.#node('ScatterND', [x, this.#column(y, inputs[1]!), names[2]!]);
      case 'pick':
        return this.#node('GatherElements', [x, this.#column(y, inputs[1]!)], { axis: 1 });
      case 'addAtPick':
        return this.#addAtPick(value, names as [string, string, string]);
      case 'rmsNormalize':
        return this.#normalization(x, inputs[0]!, operation.epsilon).normalized;
      case 'inverseRms':
        return this.#provider === 'cpu'
          ? this.#normalization(x, inputs[0]!, operation.epsilon).inverseRms
          : this.#inverseRms(x, operation.epsilon);
      case 'rotary': {
        const [, positions, cosine, sine] = names as [string, string, string, string];
        const inputsOfRotary = [x, this.#cast(positions, 'int64'), cosine, sine];
        return this.#node('RotaryEmbedding', inputsOfRotary, { interleaved: 0 }, MICROSOFT);
      }
      case 'withGradient':
        return x;
      default:
        return operation satisfies never;
    }
  }

  #matmul(
    value: Value,
    [a, b]: [string, string],
    flags: { transposeA: boolean; transposeB: boolean },
  ): string {
    const [shapeA, shapeB] = value.inputs.map((operand) => operand.shape) as [Shape, Shape];
    const transA = Number(flags.transposeA);
    const transB = Number(flags.transposeB);
    if (isGemm(value)) return this.#node('Gemm', [a, b], { transA, transB });
    if (transA + transB === 0) return this.#node('MatMul', [a, b]);
    if (this.#provider === 'cpu') return this.#node('FusedMatMul', [a, b], { transA, transB }, MICROSOFT);
    const swapped = (name: string, shape: Shape) => {
      const axes = shape.map((_, axis) => axis);
      return this.#node('Transpose', [name], { perm: [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!] });
    };
    return this.#node('MatMul', [transA ? swapped(a, shapeA) : a, transB ? swapped(b, shapeB) : b]);
  }

  /** x + y, where y is computed on top of x. */
  #addTo(sum: Value, addend: Value): string {
    const other = this.#names.get(sum.inputs.find((operand) => operand !== addend)!)!;
    const { operation, inputs } = addend;
    if (operation.kind !== 'matmul') return this.#scatterRows(addend, other, true);
    const [a, b] = inputs.map((operand) => this.#names.get(operand)!) as [string, string];
    const flags = { transA: Number(operation.transposeA), transB: Number(operation.transposeB) };
    return this.#node('Gemm', [a, b, other], flags);
  }

  /**
   * ScatterND's "add" races on the CPU where an index occurs twice. So the rows that share an index are summed first,
   * by a product with the matrix E[i, j] = (index i = index j); then every writer of a row writes the same numbers.
   */
  #scatterRows({ inputs }: Value, table: string, keepsTable = false): string {
    const [index, updates] = inputs.map((operand) => this.#names.get(operand)!) as [string, string];
    const count = elementCount(inputs[0]!.shape);
    const same = this.#node('Equal', [this.#reshape(index, [count, 1]), this.#reshape(index, [1, count])]);
    const rows = [this.#cast(same, 'float32'), updates];
    if (keepsTable) rows.push(this.#node('Gather', [table, index], { axis: 0 }));
    const places = this.#cast(this.#reshape(index, [count, 1]), 'int64');
    return this.#node('ScatterND', [table, places, this.#node('Gemm', rows)]);
  }

  #zeros(shape: Shape): string {
    return this.#node('Expand', [this.#constant(Float32Array.of(0), [], 'float32'), this.#int64(shape)]);
  }

  /** ScatterND at the element's place in the flat matrix: ScatterElements takes many times as long on the CPU. */
  #addAtPick(value: Value, [matrix, index, amount]: [string, string, string]): string {
    const [rows, width] = value.shape as [number, number];
    const column = this.#column(index, value.inputs[1]!);
    const updated = this.#node('Add', [this.#node('GatherElements', [matrix, column], { axis: 1 }), amount]);
    const rowStarts = this.#constant(
      BigInt64Array.from({ length: rows }, (_, row) => BigInt(row * width)),
      [rows, 1],
      'int64',
    );
    const places = this.#node('Add', [rowStarts, column]);
    const flat = this.#reshape(matrix, [rows * width]);
    return this.#reshape(
      this.#node('ScatterND', [flat, places, this.#reshape(updated, [rows])]),
      value.shape,
    );
  }

  /** SimplifiedLayerNormalization with a gain of one yields the normalized rows and, on the CPU, 1/RMS in one pass. */
  #normalization(x: string, operand: Value, epsilon: number): Normalization {
    const key = `${x} ${epsilon}`;
    const known = this.#normalizations.get(key);
    if (known) return known;
    const width = operand.shape.at(-1)!;
    const gain = this.#constant(new Float32Array(width).fill(1), [width], 'float32');
    const names = { normalized: this.#name(), inverseRms: this.#name() };
    const attributes = { axis: -1, epsilon: { float: epsilon }, stash_type: 1 };
    const outputs = this.#provider === 'cpu' ? Object.values(names) : [names.normalized];
    this.nodes.push({
      opType: 'SimplifiedLayerNormalization',
      domain: '',
      inputs: [x, gain],
      outputs,
      attributes,
    });
    this.#normalizations.set(key, names);
    return names;
  }

  #inverseRms(x: string, epsilon: number): string {
    const mean = this.#node('ReduceMean', [this.#node('Mul', [x, x])], { axes: [-1], keepdims: 1 });
    const shifted = this.#node('Add', [mean, this.#constant(Float32Array.of(epsilon), [], 'float32')]);
    return this.#node('Reciprocal', [this.#node('Sqrt', [shifted])]);
  }

  #reshape(x: string, shape: Shape): string {
    return this.#node('Reshape', [x, this.#int64(shape)]);
  }

  /** An index [n] as int64 [n, 1]. */
  #column(index: string, value: Value): string {
    return this.#cast(this.#reshape(index, [elementCount(value.shape), 1]), 'int64');
  }

  #cast(x: string, type: ElementType): string {
    return this.#node('Cast', [x], { to: { float32: 1, int32: 6, int64: 7 }[type] });
  }

  #int64(numbers: readonly number[]): string {
    return this.#constant(BigInt64Array.from(numbers, BigInt), [numbers.length], 'int64');
  }

  #constant(data: Float32Array | Int32Array | BigInt64Array, shape: Shape, type: ElementType): string {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const small = data.length <= 16 ? `${type} ${shape} ${data.join()}` : this.#name();
    const known = this.initializers.get(small);
    if (known) return known.name;
    const name = this.#name();
    this.initializers.set(small, { name, shape, type, bytes });
    return name;
  }

  #node(
    opType: string,
    inputs: readonly string[],
    attributes: Record<string, AttributeValue> = {},
    domain = '',
  ): string {
    const output = this.#name();
    this.nodes.push({ opType, domain, inputs, outputs: [output], attributes });
    return output;
  }

  #name(): string {
    // A leading % keeps clear of the graph's own input and output names.
    return `%${this.#count++}`;
  }
}
