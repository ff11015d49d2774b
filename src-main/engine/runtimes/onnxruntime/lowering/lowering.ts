/**
 * From our graph to an ONNX model: each operation becomes the ONNX operators that compute it fastest on the execution
 * provider at hand. Which operators have a WebGPU kernel was tried one by one: FusedMatMul has none, so there a
 * transposed operand is transposed first.
 */
import { type Graph, topologicalOrder } from '../../../graph/graph.ts';
import { factorize } from '../../../graph/open-sizes.ts';
import type { Value } from '../../../graph/value.ts';
import type { FixedForms } from '../fixed-forms.ts';
import { encodeOnnx, type OnnxNode } from '../onnx-format.ts';
import { writeAfter } from './after.ts';
import { PartedAttention, writeRotary, writeTokens } from './attention.ts';
import { constantsOf } from './fixed-constants.ts';
import { Normalizations } from './normalization.ts';
import { type ExecutionProvider, OnnxWriter } from './onnx-writer.ts';
import { writeProduct } from './products.ts';
import { writeAddAtPick, writeGatherRows, writePick, writeScatterRows } from './rows.ts';
import { findAddends, writeSum } from './sums.ts';

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
  const onnx = new OnnxWriter(graph, provider);
  const order = topologicalOrder([...graph.outputs.values()]);
  const lowering = new Lowering(onnx, graph, order, fixed);
  for (const value of order) lowering.visit(value);
  for (const [name, value] of graph.outputs) lowering.output(name, value);
  const port = ([name, { type, shape }]: [string, Value]) => ({
    name,
    type,
    shape: shape.map((size) => nameSize(size, graph)),
  });
  const constants = [...fixed].map(([name, form]) => constantsOf(name, form, graph.inputs.get(name)!.shape));
  const nodes = [...constants.flatMap(({ widening }) => widening), ...onnx.nodes];
  const model = encodeOnnx({
    nodes: withoutUnused(nodes, graph),
    initializers: [...onnx.initializers, ...constants.flatMap(({ initializers }) => initializers)],
    inputs: [...graph.inputs].filter(([name]) => !fixed.has(name)).map(port),
    outputs: [...graph.outputs].map(port),
    stated: onnx.stated,
  });
  return { model, beside: new Map(constants.flatMap(({ beside }) => [...beside])) };
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

class Lowering {
  readonly #onnx: OnnxWriter;
  readonly #fixed: FixedForms;
  readonly #outputNames: ReadonlyMap<Value, string>;
  readonly #attention: PartedAttention;
  readonly #normalizations: Normalizations;
  /** See `findAddends`. */
  readonly #addends: ReadonlyMap<Value, Value>;
  readonly #absorbed: ReadonlySet<Value>;

  constructor(onnx: OnnxWriter, graph: Graph, order: readonly Value[], fixed: FixedForms) {
    this.#onnx = onnx;
    this.#fixed = fixed;
    this.#outputNames = new Map([...graph.outputs].map(([name, value]) => [value, name]));
    this.#attention = new PartedAttention(onnx, order);
    this.#normalizations = new Normalizations(onnx);
    this.#addends = findAddends(order, graph, fixed);
    this.#absorbed = new Set(this.#addends.values());
  }

  /** The operator of an output writes there at once. */
  visit(value: Value): void {
    const { nodes } = this.#onnx;
    const outputName = this.#outputNames.get(value);
    if (this.#absorbed.has(value) || (this.#attention.parts(value) && outputName === undefined)) return;
    let name = this.#lower(value);
    const last = nodes.at(-1);
    if (outputName !== undefined && last?.outputs.length === 1 && last.outputs[0] === name) {
      nodes[nodes.length - 1] = { ...last, outputs: [outputName] };
      name = outputName;
    }
    this.#onnx.setName(value, name);
  }

  /** An input, a constant or a value with several names is copied to its output. */
  output(outputName: string, value: Value): void {
    const name = this.#onnx.nameOf(value);
    if (name === outputName) return;
    this.#onnx.nodes.push({
      opType: 'Identity',
      domain: '',
      inputs: [name],
      outputs: [outputName],
      attributes: {},
    });
  }

  #lower(value: Value): string {
    const onnx = this.#onnx;
    const { operation, inputs, shape } = value;
    const names = inputs.map((operand) => onnx.nameOf(operand));
    const [operand] = inputs as [Value];
    const [x] = names as [string];
    switch (operation.kind) {
      case 'input':
        return operation.name;
      case 'constant':
        return onnx.constant(operation.data, shape, value.type);
      case 'negate':
      case 'exp':
      case 'log':
      case 'sqrt':
      case 'tanh':
      case 'sigmoid':
        return onnx.node(UNARY[operation.kind], [x]);
      case 'add':
        return writeSum(onnx, value, this.#addends.get(value));
      case 'subtract':
      case 'multiply':
      case 'divide':
        return onnx.node(BINARY[operation.kind], names);
      case 'equal':
        return onnx.cast(onnx.node('Equal', names), 'float32');
      case 'lessOrEqual':
        return onnx.cast(onnx.node('LessOrEqual', names), 'float32');
      case 'matmul':
        return writeProduct(onnx, value, operation, this.#fixed);
      case 'reshape':
        return onnx.reshape(x, shape);
      case 'transpose':
        return onnx.node('Transpose', [x], { perm: operation.permutation });
      case 'broadcast':
        return onnx.node('Expand', [x, onnx.sizes(shape)]);
      case 'slice': {
        const bounds = [operation.start, operation.end, operation.axis].map((number) => onnx.int64([number]));
        return onnx.node('Slice', [x, ...bounds]);
      }
      case 'pad': {
        const pads = [operation.before, operation.after].flatMap((size) =>
          shape.map((_, axis) => (axis === operation.axis ? size : 0)),
        );
        return onnx.node('Pad', [x, onnx.int64(pads)], { mode: 'constant' });
      }
      case 'concat':
        return onnx.node('Concat', names, { axis: operation.axis });
      case 'sum':
        return onnx.node('ReduceSum', [x, onnx.int64(operation.axes)], { keepdims: 1 });
      case 'max':
        return onnx.node('ReduceMax', [x], { axes: [operation.axis], keepdims: 1 });
      case 'argMax':
        return onnx.cast(onnx.node('ArgMax', [x], { axis: -1, keepdims: 0 }), 'int32');
      case 'softmax':
        return onnx.node('Softmax', [x], { axis: -1 });
      case 'gatherRows':
        return writeGatherRows(onnx, value, this.#fixed);
      case 'scatterRows':
        return writeScatterRows(onnx, value);
      case 'writeTokens':
        return writeTokens(onnx, value);
      case 'cachedAttention':
        return this.#attention.attend(value, operation);
      case 'pick':
        return writePick(onnx, value);
      case 'addAtPick':
        return writeAddAtPick(onnx, value);
      case 'rmsNormalize':
        return this.#normalizations.normalized(operand, operation.epsilon);
      case 'inverseRms':
        return this.#normalizations.inverseRms(operand, operation.epsilon);
      case 'rotary':
        return writeRotary(onnx, value);
      case 'after':
        return writeAfter(onnx, value);
      case 'withGradient':
        return x;
      default:
        return operation satisfies never;
    }
  }
}
