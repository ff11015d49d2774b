/**
 * From our graph to a program of TensorFlow operations: each operation becomes the ones of TensorFlow that compute it
 * fastest, in place where nothing else needs what is written over.
 */
import {
  type AdamOperands,
  EPSILON,
  FIRST_DECAY,
  type FoundAdam,
  findAdam,
  SECOND_DECAY,
} from '../../graph/adam.ts';
import { type Graph, topologicalOrder } from '../../graph/graph.ts';
import type { Operation, OperationKind, Value } from '../../graph/value.ts';
import type { Products } from '../runtime.ts';
import { type Overwriting, planOverwriting } from './overwriting.ts';
import { ProgramWriter, type Slot, type TensorProgram } from './program.ts';
import { roundedProducts } from './rounded-products.ts';

/**
 * @param graph already optimized
 * @param hasVariables see `TensorLibrary`
 * @param products what large ones are computed in
 */
export function lowerToTensorFlow(
  graph: Graph,
  hasVariables: boolean,
  products: Products = 'float32',
): TensorProgram {
  const updates = hasVariables ? findAdam(graph) : [];
  const updated = new Set(updates.flatMap(({ result }) => Object.values(result)));
  const readLater = updates.flatMap(({ operands }) => Object.values(operands));
  const others = [...graph.outputs.values()].filter((value) => !updated.has(value));
  const order = topologicalOrder([...others, ...readLater]);
  const overwriting = planOverwriting(order, readLater, graph);
  const rounded = products === 'bfloat16' ? roundedProducts(graph) : new Set<Value>();
  const writer = new GraphWriter(overwriting, rounded);
  for (const value of order) writer.visit(value);
  for (const update of updates) writer.update(update);
  const outputs = new Map(
    [...graph.outputs].map(([name, value]) => {
      const slot = writer.slotOf(value);
      return [name, overwriting.copied.has(name) ? writer.addAnew('DeepCopy', [slot]) : slot];
    }),
  );
  const inputs = new Map([...graph.inputs].map(([name, value]) => [name, writer.slotOf(value)]));
  const takenOver = [...graph.sharing.values()].map((name) => inputs.get(name)!);
  return writer.program(inputs, takenOver, outputs);
}

/** Variables of this name are nobody else's (tensorflow/core/framework/resource_handle.h). */
const ANONYMOUS = 'cd2c89b7-88b7-44c8-ad83-06c2a9158347';

type Lowering<Kind extends OperationKind> = (
  to: GraphWriter,
  inputs: readonly Slot[],
  value: Value,
  operation: Operation & { readonly kind: Kind },
) => Slot;

/** An operation of TensorFlow that takes our operands as they are. */
const same = (operation: string) => (to: GraphWriter, inputs: readonly Slot[]) => to.add(operation, inputs);

/** `expandAttention` leaves none of the others. */
const LOWERINGS: { readonly [Kind in Exclude<OperationKind, 'cachedAttention'>]: Lowering<Kind> } = {
  input: (to) => to.slot(),
  constant: (to, _inputs, { shape, type }, { data }) => to.constant(data, shape, type),
  negate: same('Neg'),
  exp: same('Exp'),
  log: same('Log'),
  sqrt: same('Sqrt'),
  tanh: same('Tanh'),
  sigmoid: same('Sigmoid'),
  add: (to, inputs, value) => {
    const place = to.scatterIn(value);
    if (place === undefined) return to.add('AddV2', inputs);
    const [index, updates] = place.scatter.inputs.map((operand) => to.slotOf(operand));
    return to.addAnew('InplaceAdd', [to.slotOf(place.table), index!, updates!]);
  },
  subtract: same('Sub'),
  multiply: same('Mul'),
  divide: same('RealDiv'),
  equal: (to, inputs) => to.add('Cast', [to.add('Equal', inputs)], { DstT: 'float32' }),
  lessOrEqual: (to, inputs) => to.add('Cast', [to.add('LessEqual', inputs)], { DstT: 'float32' }),
  matmul: (to, inputs, value, { transposeA, transposeB }) => {
    if (!value.inputs.every(({ shape }) => shape.length === 2))
      return to.add('BatchMatMulV2', inputs, { adj_x: transposeA, adj_y: transposeB });
    const attributes = { transpose_a: transposeA, transpose_b: transposeB };
    if (!to.rounds(value)) return to.add('MatMul', inputs, attributes);
    // Rounded anew each time: rounding takes less than keeping would take memory.
    const rounded = inputs.map((input) => to.addAnew('Cast', [input], { DstT: 'bfloat16' }));
    return to.addAnew('Cast', [to.addAnew('MatMul', rounded, attributes)], { DstT: 'float32' });
  },
  reshape: (to, [x], { shape }) => to.reshape(x!, shape),
  transpose: (to, [x], _value, { permutation }) => to.add('Transpose', [x!, to.integers(permutation)]),
  broadcast: (to, [x], { shape }) => to.add('BroadcastTo', [x!, to.integers(shape)]),
  slice: (to, [x], { shape }, { axis, start }) => {
    const begin = shape.map((_, place) => (place === axis ? start : 0));
    return to.add('Slice', [x!, to.integers(begin), to.integers(shape)]);
  },
  pad: (to, [x], { shape }, { axis, before, after }) => {
    const sizes = shape.flatMap((_, place) => (place === axis ? [before, after] : [0, 0]));
    return to.add('Pad', [x!, to.integers(sizes, [shape.length, 2])]);
  },
  concat: (to, inputs, { type }, { axis }) =>
    to.add('ConcatV2', [...inputs, to.integer(axis)], { N: inputs.length, T: type }),
  sum: (to, [x], _value, { axes }) => to.add('Sum', [x!, to.integers(axes)], { keep_dims: true }),
  max: (to, [x], _value, { axis }) => to.add('Max', [x!, to.integers([axis])], { keep_dims: true }),
  argMax: (to, [x]) => to.add('ArgMax', [x!, to.integer(-1)], { output_type: 'int32' }),
  softmax: same('Softmax'),
  gatherRows: (to, [table, index]) => to.add('GatherV2', [table!, index!, to.integer(0)], { batch_dims: 0 }),
  // In place on zeros, row after row: that is reproducible where an index comes twice.
  scatterRows: (to, [index, updates], { shape }) => {
    const zeros = to.addAnew('Fill', [to.integers(shape), to.number(0)]);
    return to.add('InplaceAdd', [zeros, index!, updates!]);
  },
  // Rows of the table of all places of all heads of all texts.
  writeTokens: (to, [cache, fresh, starts], value) => {
    const [batch, heads, capacity, width] = value.shape as [number, number, number, number];
    const tokens = value.inputs[1]!.shape[2]!;
    const count = batch * heads * tokens;
    const firsts = Array.from(
      { length: count },
      (_, index) => Math.floor(index / tokens) * capacity + (index % tokens),
    );
    const [table, updates] = [
      to.reshape(cache!, [batch * heads * capacity, width]),
      to.reshape(fresh!, [count, width]),
    ];
    const places = to.add('AddV2', [
      to.integers(firsts, [batch, heads * tokens]),
      to.reshape(starts!, [batch, 1]),
    ]);
    const written = to.mayOverwrite(value)
      ? to.add('InplaceUpdate', [table, to.reshape(places, [count]), updates])
      : to.add('TensorScatterUpdate', [table, to.reshape(places, [count, 1]), updates]);
    return to.reshape(written, value.shape);
  },
  pick: (to, [matrix, index], { inputs }) =>
    to.add('GatherV2', [matrix!, to.column(index!, inputs[1]!), to.integer(1)], { batch_dims: 1 }),
  addAtPick: (to, [matrix, index, amount], value) => {
    // The elements' places in the flat matrix.
    const [rows, width] = value.shape as [number, number];
    const places = to.add('AddV2', [
      to.integers(Array.from({ length: rows }, (_, row) => row * width)),
      index!,
    ]);
    const flat = to.reshape(matrix!, [rows * width]);
    const amounts = to.add('BroadcastTo', [to.reshape(amount!, []), to.integers([rows])]);
    const added = to.mayOverwrite(value)
      ? to.add('InplaceAdd', [flat, places, amounts])
      : to.add('TensorScatterAdd', [flat, to.reshape(places, [rows, 1]), amounts]);
    return to.reshape(added, value.shape);
  },
  rmsNormalize: (to, [x], { inputs }, { epsilon }) =>
    to.add('Mul', [x!, to.inverseRms(x!, inputs[0]!, epsilon)]),
  inverseRms: (to, [x], { inputs }, { epsilon }) => to.inverseRms(x!, inputs[0]!, epsilon),
  // With the halves of x swapped, it is x·[cos, cos] + swapped·[−sin, sin].
  rotary: (to, [x, positions, cosine, sine], { shape }) => {
    const [batch, , tokens, width] = shape as [number, number, number, number];
    const [signs, axis] = [to.constant(Float32Array.of(-1, 1), [2, 1], 'float32'), to.integer(-1)];
    const table = (rows: Slot) => {
      const angles = to.add('GatherV2', [rows, positions!, to.integer(0)], { batch_dims: 0 });
      return to.reshape(angles, [batch, 1, tokens, 1, width / 2]);
    };
    const cosines = to.add('ConcatV2', [table(cosine!), table(cosine!), to.integer(3)], {
      N: 2,
      T: 'float32',
    });
    const factors = [cosines, to.add('Mul', [table(sine!), signs])].map((both) =>
      to.reshape(both, [batch, 1, tokens, width]),
    );
    const swapped = to.add('Roll', [x!, to.integer(width / 2), axis]);
    return to.add('AddV2', [to.add('Mul', [x!, factors[0]!]), to.add('Mul', [swapped, factors[1]!])]);
  },
  // Its own slot, in the same memory: what is computed from it is not taken for what was computed before.
  after: (to, [x]) => to.addAnew('Identity', [x!]),
  withGradient: (_to, [value]) => value!,
};

/** Knows in which slot each value of the graph is, and what it may be written over. */
class GraphWriter extends ProgramWriter {
  readonly #overwriting: Overwriting;
  readonly #rounded: ReadonlySet<Value>;
  /** What its sum computes. */
  readonly #absorbed: ReadonlySet<Value>;
  readonly #places = new Map<Value, Slot>();

  constructor(overwriting: Overwriting, rounded: ReadonlySet<Value>) {
    super();
    this.#rounded = rounded;
    this.#overwriting = overwriting;
    this.#absorbed = new Set([...overwriting.scatters.values()].map(({ scatter }) => scatter));
  }

  visit(value: Value): void {
    if (this.#absorbed.has(value)) return;
    const inputs = value.inputs.map((operand) => this.slotOf(operand));
    const lower = LOWERINGS[value.operation.kind as keyof typeof LOWERINGS] as Lowering<OperationKind>;
    this.#places.set(value, lower(this, inputs, value, value.operation));
  }

  slotOf(value: Value): Slot {
    return this.#places.get(value)!;
  }

  /** Whether the product is computed in bfloat16. */
  rounds(product: Value): boolean {
    return this.#rounded.has(product);
  }

  /** Whether the operation may write its result over its first operand. */
  mayOverwrite(value: Value): boolean {
    return this.#overwriting.inPlace.has(value);
  }

  /** Where a sum is computed by adding rows to a table. */
  scatterIn(sum: Value): { readonly table: Value; readonly scatter: Value } | undefined {
    return this.#overwriting.scatters.get(sum);
  }

  /**
   * An update as one operation on variables. A variable takes over the memory of the tensor that it is given, and, as
   * that tensor then goes, is changed in place; the tensor that is read from it has this memory in turn.
   */
  update({ operands, result }: FoundAdam): void {
    const slot = (operand: keyof AdamOperands) => this.slotOf(operands[operand]);
    const factor = this.add('Mul', [slot('firstCorrection'), slot('spreadFactor')]);
    // TensorFlow's ε is added to what is not yet corrected; of its own corrections, powers of zero leave nothing.
    const settings = [
      ...[this.number(0), this.number(0), this.add('RealDiv', [slot('rate'), factor])],
      ...[this.number(FIRST_DECAY), this.number(SECOND_DECAY)],
      this.add('RealDiv', [this.number(EPSILON), slot('spreadFactor')]),
    ];
    const dtype = { dtype: 'float32' } as const;
    const state = ['weight', 'first', 'second'] as const;
    const variables = state.map((part) => {
      const description = {
        ...dtype,
        shape: { shape: operands[part].shape },
        shared_name: { text: ANONYMOUS },
      };
      const variable = this.addAnew('VarHandleOp', [], description);
      this.write('AssignVariableOp', [variable, slot(part)], dtype, []);
      return variable;
    });
    this.write('ResourceApplyAdam', [...variables, ...settings, slot('gradient')], {}, []);
    for (const [index, part] of state.entries())
      this.#places.set(result[part], this.addAnew('ReadVariableOp', [variables[index]!], dtype));
  }
}
