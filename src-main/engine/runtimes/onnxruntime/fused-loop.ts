/**
 * Graphs that only combine numbers at the same place (an optimizer's update) as one loop. onnxruntime would pass over
 * memory once per operation and keep every intermediate result; the loop goes over the numbers in pieces that stay in
 * the processor's cache, and reads and writes each once.
 */
import { type Graph, topologicalOrder } from '../../graph/graph.ts';
import { sameShape, type TensorData, type Value } from '../../graph/value.ts';
import {
  ARRAY_BYTES,
  compileLoop,
  type Instruction,
  isVectorOperation,
  type LoopCode,
  type VectorLoop,
} from './vector-code.ts';

type Tensors = ReadonlyMap<string, TensorData>;

export interface FusedLoop {
  run(inputs: Tensors, outputs: Tensors): void;
}

const NUMBER_BYTES = Float32Array.BYTES_PER_ELEMENT;
const PIECE = ARRAY_BYTES / NUMBER_BYTES;

/** Undefined if the graph holds any other operation, or stretches anything but scalars. */
export function fuseElementwise(graph: Graph): FusedLoop | undefined {
  const order = topologicalOrder([...graph.outputs.values()]);
  if (!order.every(isElementwise)) return undefined;
  // Parameters of a model differ in size, not in what is done to them: most loops are the same one.
  const compiled = new Map<string, VectorLoop>();
  const loops = groupOutputs(graph).map((outputs) => {
    const { code, ...names } = planLoop(outputs);
    const key = JSON.stringify(code);
    const loop = compiled.get(key) ?? compileLoop(code);
    compiled.set(key, loop);
    return { loop, ...names };
  });
  return {
    run: (inputs, outputs) => {
      for (const { loop, tensors, scalars, results } of loops) {
        runLoop(
          loop,
          tensors.map((name) => inputs.get(name)!),
          scalars.map((name) => inputs.get(name)![0]!),
          results.map((name) => outputs.get(name)!),
        );
      }
    },
  };
}

function isElementwise({ operation, inputs, shape, type }: Value): boolean {
  if (type !== 'float32') return false;
  if (operation.kind === 'constant') return shape.length === 0;
  if (operation.kind === 'input') return true;
  const fits = inputs.every((operand) => operand.shape.length === 0 || sameShape(operand.shape, shape));
  return fits && isVectorOperation(operation.kind);
}

/**
 * Outputs that read a common tensor, directly or through others, are computed in one loop. That is also what makes
 * outputs over the memory of inputs right: all that reads a number has read it before it is replaced.
 */
function groupOutputs(graph: Graph): ReadonlyMap<string, Value>[] {
  let groups: { readonly reads: ReadonlySet<Value>; readonly outputs: ReadonlyMap<string, Value> }[] = [];
  for (const [name, value] of graph.outputs) {
    const reads = new Set(
      topologicalOrder([value]).filter(
        ({ operation, shape }) => operation.kind === 'input' && shape.length > 0,
      ),
    );
    const joined = groups.filter((group) => !group.reads.isDisjointFrom(reads));
    groups = groups.filter((group) => !joined.includes(group));
    groups.push({
      reads: joined.reduce((all, group) => all.union(group.reads), reads),
      outputs: new Map([...joined.flatMap(({ outputs }) => [...outputs]), [name, value]]),
    });
  }
  return groups.map(({ outputs }) => outputs);
}

/** The loop's code, and the names of what it reads and writes; arrays are first the tensors, then the results. */
function planLoop(outputs: ReadonlyMap<string, Value>) {
  const order = topologicalOrder([...outputs.values()]);
  // What depends on scalars alone comes before the loop.
  const sorted = [
    ...order.filter(({ shape }) => shape.length === 0),
    ...order.filter(({ shape }) => shape.length > 0),
  ];
  const registers = new Map(sorted.map((value, register) => [value, register]));
  const tensors: string[] = [];
  const scalars: string[] = [];
  const instructions = sorted.map(({ operation, inputs, shape }): Instruction => {
    if (operation.kind === 'constant') return { kind: 'constant', number: operation.data[0]! };
    if (operation.kind !== 'input') {
      const operands = inputs.map((operand) => registers.get(operand)!);
      // `isElementwise` has seen to it that no other operation comes here.
      return { kind: 'compute', operation: operation.kind as 'add', operands };
    }
    return shape.length === 0
      ? { kind: 'scalar', place: scalars.push(operation.name) - 1 }
      : { kind: 'load', array: tensors.push(operation.name) - 1 };
  });
  const first = sorted.findIndex(({ shape }) => shape.length > 0);
  const scalarCount = first === -1 ? sorted.length : first;
  const results = [...outputs.keys()];
  const code: LoopCode = {
    before: instructions.slice(0, scalarCount),
    body: instructions.slice(scalarCount),
    stores: [...outputs.values()].map((value, index) => ({
      register: registers.get(value)!,
      array: tensors.length + index,
    })),
    scalars: scalars.length,
    arrays: tensors.length + results.length,
  };
  return { code, tensors, scalars, results };
}

function runLoop(
  loop: VectorLoop,
  tensors: readonly TensorData[],
  scalars: readonly number[],
  results: readonly TensorData[],
): void {
  const count = results[0]!.length;
  const place = (array: number, length: number) =>
    new Float32Array(loop.memory.buffer, array * ARRAY_BYTES, length);
  for (let start = 0; start < count; start += PIECE) {
    const end = Math.min(start + PIECE, count);
    for (const [index, tensor] of tensors.entries()) {
      place(index, end - start).set(tensor.subarray(start, end));
    }
    loop.run((end - start) * NUMBER_BYTES, ...scalars);
    for (const [index, result] of results.entries()) {
      result.set(place(tensors.length + index, end - start), start);
    }
  }
}
