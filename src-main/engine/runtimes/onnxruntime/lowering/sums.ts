/** Sums x + y in one with what gives y: where y is a product or a scatter that nothing else needs, it is computed on top of x. */
import type { Graph } from '../../../graph/graph.ts';
import { sameShape, type Value } from '../../../graph/value.ts';
import { type FixedForms, quantizedFactor } from '../fixed-forms.ts';
import type { OnnxWriter } from './onnx-writer.ts';
import { isGemm } from './products.ts';
import { writeAddRows } from './rows.ts';

/** Each such sum → y. */
export function findAddends(
  order: readonly Value[],
  graph: Graph,
  fixed: FixedForms,
): ReadonlyMap<Value, Value> {
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

export function writeSum(onnx: OnnxWriter, sum: Value, addend: Value | undefined): string {
  if (addend === undefined)
    return onnx.node(
      'Add',
      sum.inputs.map((operand) => onnx.nameOf(operand)),
    );
  const other = onnx.nameOf(sum.inputs.find((operand) => operand !== addend)!);
  const { operation, inputs } = addend;
  if (operation.kind !== 'matmul') return writeAddRows(onnx, addend, other);
  const [a, b] = inputs.map((operand) => onnx.nameOf(operand)) as [string, string];
  const flags = { transA: Number(operation.transposeA), transB: Number(operation.transposeB) };
  return onnx.node('Gemm', [a, b, other], flags);
}
