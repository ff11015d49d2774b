/**
 * Passes over a graph, in one walk from the inputs to the outputs: equal sub-expressions become one value, what depends
 * on constants alone is computed now, and steps that change nothing (× 1, + 0, a stretch that the next operation would
 * do itself) are left out. Dead code goes by itself, as only what the outputs need is visited.
 */
import { evaluate } from './evaluate.ts';
import { buildGraph, type Graph, topologicalOrder } from './graph.ts';
import { constant } from './ops.ts';
import { elementCount, sameShape, type TensorData, Value } from './value.ts';

/** Larger results stay expressions: a stored table costs more than computing it (zeros for a whole vocabulary …). */
const LARGEST_FOLDED = 1 << 20;

export function optimize(graph: Graph): Graph {
  const replacements = new Map<Value, Value>();
  const known = new Map<string, Value>();
  const identities = new Map<Value, number>();
  for (const value of topologicalOrder([...graph.outputs.values()])) {
    const operands = value.inputs.map((operand) => replacements.get(operand)!);
    const rebuilt = value.inputs.every((operand, index) => operand === operands[index])
      ? value
      : new Value(value.operation, operands, value.shape, value.type);
    const simple = fold(simplify(rebuilt));
    const key = signature(simple, identities);
    const replacement = known.get(key) ?? simple;
    known.set(key, replacement);
    if (!identities.has(replacement)) identities.set(replacement, identities.size);
    replacements.set(value, replacement);
  }
  const outputs = new Map([...graph.outputs].map(([name, value]) => [name, replacements.get(value)!]));
  return { ...buildGraph(outputs), sharing: graph.sharing, open: graph.open };
}

/** Two values with the same signature hold the same numbers. */
function signature(value: Value, identities: ReadonlyMap<Value, number>): string {
  const { operation, inputs, shape, type } = value;
  const attributes =
    operation.kind === 'constant'
      ? { kind: 'constant', numbers: numbersSignature(operation.data) }
      : operation;
  return JSON.stringify([attributes, inputs.map((operand) => identities.get(operand)), shape, type]);
}

function numbersSignature(data: TensorData): string {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
}

function fold(value: Value): Value {
  const { operation, inputs, shape, type } = value;
  if (inputs.length === 0 || elementCount(shape) > LARGEST_FOLDED) return value;
  if (operation.kind === 'broadcast' || !inputs.every((operand) => operand.operation.kind === 'constant'))
    return value;
  const [numbers] = evaluate([value], () => []);
  return constant(type === 'int32' ? Int32Array.from(numbers!) : Float32Array.from(numbers!), shape);
}

function simplify(value: Value): Value {
  const { operation, shape } = value;
  switch (operation.kind) {
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'divide': {
      const [first, second] = value.inputs.map((operand) => unstretched(operand, value)) as [Value, Value];
      const neutral = operation.kind === 'multiply' || operation.kind === 'divide' ? 1 : 0;
      if (uniform(second) === neutral && sameShape(first.shape, shape)) return first;
      const commutes = operation.kind === 'multiply' || operation.kind === 'add';
      if (commutes && uniform(first) === neutral && sameShape(second.shape, shape)) return second;
      if (operation.kind === 'multiply') {
        const merged = mergedFactor(first, second);
        if (merged) return new Value(operation, merged, shape);
      }
      return new Value(operation, [first, second], shape, value.type);
    }
    case 'negate': {
      const [x] = value.inputs as [Value];
      return x.operation.kind === 'negate' ? x.inputs[0]! : value;
    }
    case 'reshape': {
      const [x] = value.inputs as [Value];
      const source = x.operation.kind === 'reshape' ? x.inputs[0]! : x;
      return sameShape(source.shape, shape) ? source : new Value(operation, [source], shape, value.type);
    }
    default:
      return value;
  }
}

/** An operand of an element-wise operation without the `broadcast` that the operation does by itself. */
function unstretched(operand: Value, result: Value): Value {
  if (operand.operation.kind !== 'broadcast') return operand;
  const source = operand.inputs[0]!;
  const other = result.inputs.find((input) => input !== operand);
  return other && sameShape(other.shape, result.shape) && source.shape.length <= result.shape.length
    ? source
    : operand;
}

/** (x · c) · d with scalar constants → x · (c·d). */
function mergedFactor(first: Value, second: Value): [Value, Value] | undefined {
  const outer = uniform(second);
  if (outer === undefined || second.shape.length > 0 || first.operation.kind !== 'multiply') return undefined;
  const [x, factor] = first.inputs as [Value, Value];
  const inner = uniform(factor);
  if (inner === undefined || factor.shape.length > 0) return undefined;
  return [x, constant(Float32Array.of(inner * outer), [])];
}

/** The number that fills a constant, or the stretch of one. */
function uniform(value: Value): number | undefined {
  if (value.operation.kind === 'broadcast') return uniform(value.inputs[0]!);
  if (value.operation.kind !== 'constant') return undefined;
  const { data } = value.operation;
  return data.length === 1 ? data[0] : undefined;
}
