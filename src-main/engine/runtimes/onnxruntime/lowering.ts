/**
 * From our graph to an ONNX model: each operation becomes the ONNX operators that compute it fastest on the execution
 * provider at hand. Which operators have a WebGPU kernel was tried one by one: FusedMatMul has none, so there a
 * transposed operand is transposed first.
 */
import path from 'node:path';
import { type Graph, topologicalOrder } from '../../graph/graph.ts';
import { factorize } from '../../graph/open-sizes.ts';
import {
  type AttentionSettings,
  elementCount,
  type Shape,
  sameShape,
  type Value,
} from '../../graph/value.ts';
import { BLOCK, type QuantizedMatrix } from '../quantize.ts';
import { type FixedForm, type FixedForms, quantizedFactor } from './fixed-forms.ts';
import {
  type AttributeValue,
  ELEMENT_TYPE,
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

/** The ONNX file of a graph, in memory, and the constants that lie beside it. Inputs and outputs keep the graph's names. */
export function lowerToOnnx(
  graph: Graph,
  provider: ExecutionProvider,
  fixed: FixedForms = new Map(),
): { readonly model: Uint8Array; readonly beside: ReadonlyMap<string, Uint8Array> } {
  const order = topologicalOrder([...graph.outputs.values()]);
  const lowering = new Lowering(provider, graph, order, fixed);
  for (const value of order) lowering.visit(value);
  for (const [name, value] of graph.outputs) lowering.output(name, value);
  const port = ([name, { type, shape }]: [string, Value]) => ({
    name,
    type,
    shape: shape.map((size) => nameSize(size, graph)),
  });
  const constants = [...fixed].map(([name, form]) => constantsOf(name, form, graph.inputs.get(name)!.shape));
  const nodes = [...constants.flatMap(({ widening }) => widening), ...lowering.nodes];
  const model = encodeOnnx({
    nodes: withoutUnused(nodes, graph),
    initializers: [
      ...lowering.initializers.values(),
      ...constants.flatMap(({ initializers }) => initializers),
    ],
    inputs: [...graph.inputs].filter(([name]) => !fixed.has(name)).map(port),
    outputs: [...graph.outputs].map(port),
  });
  return { model, beside: new Map(constants.flatMap(({ beside }) => [...beside])) };
}

/** Names of a quantized matrix's parts. */
const partsOf = (name: string, form: 'product' | 'table') => ({
  values: `${name} (${form}, values)`,
  scales: `${name} (${form}, scales)`,
});

interface Constants {
  readonly initializers: readonly OnnxInitializer[];
  /** What makes float32 of numbers that are stored in half of that: onnxruntime does it once. */
  readonly widening: readonly OnnxNode[];
  /** What is handed over, by name. */
  readonly beside: ReadonlyMap<string, Uint8Array>;
}

const STORED_TYPES = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' } as const;

function constantsOf(name: string, form: FixedForm, shape: Shape): Constants {
  const { stored, numbers } = form;
  const initializers: OnnxInitializer[] = [];
  const widening: OnnxNode[] = [];
  const beside = new Map<string, Uint8Array>();
  if (stored) {
    const { path: file, offset, byteLength, type } = stored;
    const place = { location: path.basename(file), offset, length: byteLength };
    const as = type === 'F32' ? name : `${name} (${type})`;
    initializers.push({ name: as, type: STORED_TYPES[type], shape, content: place });
    const attributes = { to: ELEMENT_TYPE.float32 };
    if (type !== 'F32')
      widening.push({ opType: 'Cast', domain: '', inputs: [as], outputs: [name], attributes });
  }
  const add = (data: Float32Array | Uint8Array, part: string, partShape: Shape) => {
    const type = data instanceof Uint8Array ? 'uint8' : 'float32';
    const place = { location: part, offset: 0, length: data.byteLength };
    initializers.push({ name: part, type, shape: partShape, content: place });
    beside.set(part, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  };
  if (numbers) add(numbers, name, shape);
  for (const kind of ['product', 'table'] as const) {
    const matrix = form[kind];
    if (!matrix) continue;
    const { rows, columns, bits, values, scales } = matrix;
    const blocks = Math.ceil(columns / BLOCK);
    const parts = partsOf(name, kind);
    add(values, parts.values, [rows, blocks, (BLOCK * bits) / 8]);
    // Of a product they are looked up in a row, of a table together with the block's numbers.
    add(scales, parts.scales, kind === 'product' ? [rows * blocks] : [rows, blocks, 1]);
  }
  return { initializers, widening, beside };
}

/** An open size by its name, which onnxruntime finds in the inputs. */
function nameSize(size: number, { open }: Graph): number | string {
  const { factor, names } = factorize(size, open);
  return names.length === 0 ? size : [factor, ...names].join('*');
}

/** Without the nodes whose results neither a node nor the caller reads: what a fused operation has made needless. */
function withoutUnused(nodes: readonly OnnxNode[], graph: Graph): OnnxNode[] {
  const needed = new Set(graph.outputs.keys());
  return nodes
    .toReversed()
    .filter(({ inputs, outputs }) => {
      const isNeeded = outputs.some((name) => needed.has(name));
      if (isNeeded) for (const name of inputs) needed.add(name);
      return isNeeded;
    })
    .reverse();
}

/** Heads that GroupQueryAttention can compute with on the CPU have a width that is a multiple of this. */
const HEAD_WIDTH_STEP = 8;

/** Whether onnxruntime computes the attention in one on the CPU, and writes the new tokens of its keys and values as well. */
export function isFusedAttention({ operation, inputs }: Value): boolean {
  if (operation.kind !== 'cachedAttention') return false;
  const [query, keys, values, starts] = inputs as [Value, Value, Value, Value];
  const isWritten = ({ operation: { kind }, inputs: parts }: Value) =>
    kind === 'writeTokens' && parts[2] === starts && parts[1]!.shape[2] === query.shape[2];
  return isWritten(keys) && isWritten(values) && query.shape[3]! % HEAD_WIDTH_STEP === 0;
}

/** Each sum x + y whose y is a product or a scatter that nothing else needs, and adds itself to x: sum → y. */
function addends(order: readonly Value[], graph: Graph, fixed: FixedForms): ReadonlyMap<Value, Value> {
  const uses = new Map<Value, number>();
  const count = (value: Value) => uses.set(value, (uses.get(value) ?? 0) + 1);
  for (const { inputs } of order) inputs.forEach(count);
  [...graph.outputs.values()].forEach(count);
  const addsItself = (value: Value) =>
    uses.get(value) === 1 &&
    ((value.operation.kind === 'matmul' && isGemm(value) && !quantizedFactor(value, fixed)) ||
      value.operation.kind === 'scatterRows');
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

/** Sequences come before heads: [batch, heads, tokens, w] ↔ [batch, tokens, heads, w]. */
function swapsHeads({ operation }: Value): boolean {
  return operation.kind === 'transpose' && operation.permutation.join() === '0,2,1,3';
}

interface Normalization {
  readonly normalized: string;
  readonly inverseRms: string;
}

class Lowering {
  readonly nodes: OnnxNode[] = [];
  readonly initializers = new Map<string, OnnxInitializer>();
  readonly #provider: ExecutionProvider;
  readonly #graph: Graph;
  readonly #fixed: FixedForms;
  readonly #outputNames: ReadonlyMap<Value, string>;
  /** Caches that their attention writes. */
  readonly #writtenElsewhere: ReadonlySet<Value>;
  /** What fused attention gives, [batch, tokens, heads · w]. */
  readonly #attended = new Map<Value, string>();
  /** Of what is only another's numbers in another shape: the other. */
  readonly #reshaped = new Map<string, string>();
  readonly #openSizes = new Map<number, string>();
  readonly #openShapes = new Map<string, string>();
  /** See `addends`. */
  readonly #addends: ReadonlyMap<Value, Value>;
  readonly #absorbed: ReadonlySet<Value>;
  readonly #names = new Map<Value, string>();
  /** What one operator computes together, by the name of what it normalizes. */
  readonly #normalizations = new Map<string, Normalization>();
  #count = 0;

  constructor(provider: ExecutionProvider, graph: Graph, order: readonly Value[], fixed: FixedForms) {
    this.#provider = provider;
    this.#fixed = fixed;
    this.#graph = graph;
    this.#outputNames = new Map([...graph.outputs].map(([name, value]) => [value, name]));
    this.#writtenElsewhere = new Set(
      order.filter(isFusedAttention).flatMap(({ inputs }) => inputs.slice(1, 3)),
    );
    this.#addends = addends(order, graph, fixed);
    this.#absorbed = new Set(this.#addends.values());
  }

  /** The operator of an output writes there at once. */
  visit(value: Value): void {
    if (this.#absorbed.has(value) || this.#writtenElsewhere.has(value)) return;
    const outputName = this.#outputNames.get(value);
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
      case 'lessOrEqual':
        return this.#cast(this.#node('LessOrEqual', names), 'float32');
      case 'matmul':
        return this.#matmul(value, names as [string, string], operation);
      case 'reshape':
        return this.#reshape(x, shape);
      case 'transpose': {
        const attended = swapsHeads(value) ? this.#attended.get(inputs[0]!) : undefined;
        if (attended !== undefined) return this.#reshape(attended, shape);
        return this.#node('Transpose', [x], { perm: operation.permutation });
      }
      case 'broadcast':
        return this.#node('Expand', [x, this.#sizes(shape)]);
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
        return this.#gatherRows(value, [x, y]);
      case 'scatterRows':
        return this.#scatterRows(value, this.#zeros(shape));
      case 'writeTokens':
        return this.#writeTokens(value, names as [string, string, string]);
      case 'cachedAttention':
        return this.#attention(value, operation);
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
        return this.#rotary(x, names.slice(1) as [string, string, string]);
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
    const quantized = quantizedFactor(value, this.#fixed);
    if (quantized) return this.#quantizedProduct(a, b, quantized);
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

  /** The factor's numbers are made of whole ones as they are needed; x is rounded to 8 bits by blocks too, for speed. */
  #quantizedProduct(x: string, factor: string, { rows, columns, bits }: QuantizedMatrix): string {
    const { values, scales } = partsOf(factor, 'product');
    const attributes = { K: columns, N: rows, bits, block_size: BLOCK, accuracy_level: 4 };
    return this.#node('MatMulNBits', [x, values, scales], attributes, MICROSOFT);
  }

  #gatherRows({ inputs, shape }: Value, [table, index]: [string, string]): string {
    const quantized = this.#fixed.get(table)?.table;
    if (quantized === undefined) return this.#node('Gather', [table, index], { axis: 0 });
    const parts = partsOf(table, 'table');
    const [values, scales] = [parts.values, parts.scales].map((part) =>
      this.#node('Gather', [part, index], { axis: 0 }),
    );
    const zero = this.#constant(Float32Array.of(2 ** (quantized.bits - 1)), [], 'float32');
    const centred = this.#node('Sub', [this.#cast(values!, 'float32'), zero]);
    const numbers = this.#node('Mul', [centred, scales!]);
    const padded = Math.ceil(quantized.columns / BLOCK) * BLOCK;
    const rows = this.#reshape(numbers, [...inputs[1]!.shape, padded]);
    if (padded === quantized.columns) return rows;
    const bounds = [0, quantized.columns, shape.length - 1].map((number) => this.#int64([number]));
    return this.#node('Slice', [rows, ...bounds]);
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
    return this.#node('Expand', [this.#constant(Float32Array.of(0), [], 'float32'), this.#sizes(shape)]);
  }

  #rotary(x: string, [positions, cosine, sine]: [string, string, string]): string {
    const operands = [x, this.#cast(positions, 'int64'), cosine, sine];
    return this.#node('RotaryEmbedding', operands, { interleaved: 0 }, MICROSOFT);
  }

  /** At [text, head, place] of the cache, where the place is the text's start and the token's number. */
  #writeTokens({ inputs }: Value, [cache, fresh, starts]: [string, string, string]): string {
    const [batch, heads, tokens] = inputs[1]!.shape as [number, number, number];
    const firsts = Int32Array.from({ length: batch * heads * tokens * 3 }, (_, index) => {
      const row = Math.floor(index / 3);
      return [Math.floor(row / (heads * tokens)), Math.floor(row / tokens) % heads, row % tokens][index % 3]!;
    });
    const start = this.#node('Mul', [
      this.#reshape(starts, [batch, 1, 1, 1]),
      this.#constant(Int32Array.of(0, 0, 1), [3], 'int32'),
    ]);
    const places = this.#node('Add', [this.#constant(firsts, [batch, heads, tokens, 3], 'int32'), start]);
    return this.#node('ScatterND', [cache, this.#cast(places, 'int64'), fresh]);
  }

  /** GroupQueryAttention writes the new keys and values as well, over the caches that they are given. */
  #attention(value: Value, { scale, softCap, slidingWindow }: AttentionSettings): string {
    const [query, keys, values, starts] = value.inputs as [Value, Value, Value, Value];
    const [, heads, tokens] = value.shape as [number, number, number];
    const start = this.#names.get(starts)!;
    const count = this.#cast(this.#sizes([tokens]), 'int32');
    const one = this.#constant(Int32Array.of(1), [1], 'int32');
    const latest = this.#node('ReduceMax', [start], { axes: [0], keepdims: 1 });
    const caches = [keys, values].map((cache) => this.#outputNames.get(cache) ?? this.#name());
    const attended = this.#name();
    const fresh = [query, keys.inputs[1]!, values.inputs[1]!].map((part) => this.#tokensFirst(part));
    const old = [keys, values].map(({ inputs }) => this.#names.get(inputs[0]!)!);
    this.nodes.push({
      opType: 'GroupQueryAttention',
      domain: MICROSOFT,
      inputs: [
        ...fresh,
        ...old,
        // The place of each text's last new token, and the longest text.
        this.#node('Sub', [this.#node('Add', [start, count]), one]),
        this.#node('Add', [latest, count]),
      ],
      outputs: [attended, ...caches],
      attributes: {
        num_heads: heads,
        kv_num_heads: keys.shape[1]!,
        scale: { float: scale },
        softcap: { float: softCap ?? 0 },
        local_window_size: slidingWindow ?? -1,
      },
    });
    for (const [index, cache] of [keys, values].entries()) this.#names.set(cache, caches[index]!);
    this.#attended.set(value, attended);
    const [batch, , , width] = value.shape as [number, number, number, number];
    return this.#node('Transpose', [this.#reshape(attended, [batch, tokens, heads, width])], {
      perm: [0, 2, 1, 3],
    });
  }

  /** Of [batch, heads, tokens, w], as [batch, tokens, heads · w]: mostly it was made of that. */
  #tokensFirst(value: Value): string {
    const [batch, heads, tokens, width] = value.shape as [number, number, number, number];
    const { operation, inputs } = value;
    const names = inputs.map((operand) => this.#names.get(operand)!);
    if (operation.kind === 'rotary')
      return this.#rotary(this.#tokensFirst(inputs[0]!), names.slice(1) as [string, string, string]);
    const swapped = swapsHeads(value)
      ? names[0]!
      : this.#node('Transpose', [this.#names.get(value)!], { perm: [0, 2, 1, 3] });
    return this.#reshape(swapped, [batch, tokens, heads * width]);
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
    const { open } = this.#graph;
    const isOpen = (size: number) => factorize(size, open).names.length > 0;
    // The only open size follows from the others.
    const sizes =
      shape.filter(isOpen).length === 1
        ? this.#int64(shape.map((size) => (isOpen(size) ? -1 : size)))
        : this.#sizes(shape);
    const source = this.#reshaped.get(x) ?? x;
    const result = this.#node('Reshape', [source, sizes]);
    this.#reshaped.set(result, source);
    return result;
  }

  /** A shape as int64 [axes], computed where it has open sizes. */
  #sizes(shape: Shape): string {
    const { open } = this.#graph;
    const parts = shape.map((size) => factorize(size, open));
    if (parts.every(({ names }) => names.length === 0)) return this.#int64(shape);
    const key = shape.join();
    const known = this.#openShapes.get(key);
    if (known !== undefined) return known;
    const sizes = parts.map(({ factor, names }) =>
      [
        ...(factor === 1 && names.length > 0 ? [] : [this.#int64([factor])]),
        ...names.map((name) => this.#openSize(open.get(name)!)),
      ].reduce((product, size) => this.#node('Mul', [product, size])),
    );
    const result = sizes.length === 1 ? sizes[0]! : this.#node('Concat', sizes, { axis: 0 });
    this.#openShapes.set(key, result);
    return result;
  }

  /** int64 [1], from an input that has the size for itself. */
  #openSize(prime: number): string {
    const known = this.#openSizes.get(prime);
    if (known !== undefined) return known;
    for (const [input, { shape }] of this.#graph.inputs) {
      const axis = shape.indexOf(prime);
      if (axis === -1) continue;
      const size = this.#node('Shape', [input]);
      const name = this.#node('Gather', [size, this.#int64([axis])], { axis: 0 });
      this.#openSizes.set(prime, name);
      return name;
    }
    throw new Error('no input has the open size');
  }

  /** An index [n] as int64 [n, 1]. */
  #column(index: string, value: Value): string {
    return this.#cast(this.#reshape(index, [elementCount(value.shape), 1]), 'int64');
  }

  #cast(x: string, type: ElementType): string {
    return this.#node('Cast', [x], { to: ELEMENT_TYPE[type] });
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
    this.initializers.set(small, { name, shape, type, content: bytes });
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
