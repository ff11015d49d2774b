/**
 * Graphs that only combine numbers at the same place (an optimizer's update) as one JavaScript loop. onnxruntime would
 * pass over memory once per operation and keep every intermediate result; a loop reads and writes each number once.
 * The source is generated from the graph, numbers are float64 within an iteration, and V8 compiles it to machine code.
 */
import { type Graph, topologicalOrder } from '../../graph/graph.ts';
import { elementCount, type Operation, sameShape, type TensorData, type Value } from '../../graph/value.ts';

export interface FusedLoop {
  run(inputs: ReadonlyMap<string, TensorData>, outputs: ReadonlyMap<string, TensorData>): void;
}

type Loop = (
  tensors: readonly TensorData[],
  scalars: readonly number[],
  outputs: readonly TensorData[],
  count: number,
) => void;

/** Loops by source: parameters of a model differ in size, not in what is done to them. */
const compiled = new Map<string, Loop>();

/** Undefined if the graph holds any other operation, or stretches anything but scalars. */
export function fuseElementwise(graph: Graph): FusedLoop | undefined {
  const order = topologicalOrder([...graph.outputs.values()]);
  if (!order.every(isElementwise)) return undefined;
  const groups = groupOutputs(graph).map((outputs) => compileGroup(outputs, graph));
  return {
    run: (inputs, outputs) => {
      for (const { loop, tensors, scalars, results, count } of groups) {
        loop(
          tensors.map((name) => inputs.get(name)!),
          scalars.map((name) => inputs.get(name)![0]!),
          results.map((name) => outputs.get(name)!),
          count,
        );
      }
    },
  };
}

function isElementwise(value: Value): boolean {
  const { operation, inputs, shape, type } = value;
  if (type !== 'float32') return false;
  if (operation.kind === 'constant') return shape.length === 0;
  const fits = inputs.every((operand) => operand.shape.length === 0 || sameShape(operand.shape, shape));
  return fits && (operation.kind === 'input' || expression(operation, ['', '']) !== undefined);
}

function expression(operation: Operation, [x, y]: readonly string[]): string | undefined {
  switch (operation.kind) {
    case 'negate':
      return `-${x}`;
    case 'exp':
    case 'log':
    case 'sqrt':
    case 'tanh':
      return `Math.${operation.kind}(${x})`;
    case 'sigmoid':
      return `1 / (1 + Math.exp(-${x}))`;
    case 'add':
      return `${x} + ${y}`;
    case 'subtract':
      return `${x} - ${y}`;
    case 'multiply':
      return `${x} * ${y}`;
    case 'divide':
      return `${x} / ${y}`;
    default:
      return undefined;
  }
}

/** Outputs that share a tensor are computed together, in one loop. */
function groupOutputs(graph: Graph): ReadonlyMap<string, Value>[] {
  const groups = new Map<string, Map<string, Value>>();
  for (const [name, value] of graph.outputs) {
    const tensors = topologicalOrder([value]).filter(
      ({ operation, shape }) => operation.kind === 'input' && shape.length > 0,
    );
    const key = inputName(tensors[0]) ?? 'scalars';
    groups.set(key, (groups.get(key) ?? new Map()).set(name, value));
  }
  return [...groups.values()];
}

function compileGroup(outputs: ReadonlyMap<string, Value>, graph: Graph) {
  const names = new Map<Value, string>();
  const before: string[] = [];
  const inside: string[] = [];
  const tensors: string[] = [];
  const scalars: string[] = [];
  for (const value of topologicalOrder([...outputs.values()])) {
    const { operation, inputs, shape } = value;
    const name = `v${names.size}`;
    const operands = inputs.map((operand) => names.get(operand)!);
    names.set(value, name);
    if (operation.kind === 'constant') before.push(`const ${name} = ${operation.data[0]};`);
    else if (operation.kind !== 'input')
      (shape.length === 0 ? before : inside).push(`const ${name} = ${expression(operation, operands)};`);
    else if (shape.length === 0) before.push(`const ${name} = scalars[${scalars.push(operation.name) - 1}];`);
    else {
      before.push(`const t${name} = tensors[${tensors.push(operation.name) - 1}];`);
      inside.push(`const ${name} = t${name}[i];`);
    }
  }
  const results = [...outputs.keys()];
  for (const [index, value] of [...outputs.values()].entries()) {
    before.push(`const o${index} = outputs[${index}];`);
    inside.push(`o${index}[i] = ${names.get(value)};`);
  }
  const source = `${before.join('\n')}\nfor (let i = 0; i < count; i++) {\n${inside.join('\n')}\n}`;
  // The source is made of our own operations and counters alone: no name or text from outside is in it.
  const loop =
    compiled.get(source) ?? (new Function('tensors', 'scalars', 'outputs', 'count', source) as Loop);
  compiled.set(source, loop);
  const count = elementCount(graph.outputs.get(results[0]!)!.shape);
  return { loop, tensors, scalars, results, count };
}

function inputName(value: Value | undefined): string | undefined {
  return value?.operation.kind === 'input' ? value.operation.name : undefined;
}
