/**
 * An ONNX graph under way, for one execution provider: its nodes and small constants, and the names of our values in it. What an operator yields
 * gets a name of its own; constants and shapes that are equal are there once.
 */
import type { Graph } from '../../../graph/graph.ts';
import { factorize } from '../../../graph/open-sizes.ts';
import type { Shape, Value } from '../../../graph/value.ts';
import {
  type AttributeValue,
  ELEMENT_TYPE,
  type ElementType,
  type OnnxInitializer,
  type OnnxNode,
  type OnnxPort,
} from '../onnx-format.ts';

export type ExecutionProvider = 'cpu' | 'webgpu';

/** onnxruntime's own operators. */
export const MICROSOFT = 'com.microsoft';

/** Constants of so few numbers are looked for among those that are there. */
const SMALL_CONSTANT = 16;

export class OnnxWriter {
  readonly provider: ExecutionProvider;
  readonly nodes: OnnxNode[] = [];
  /** Results whose shape onnxruntime could not tell before it runs, and so would not write over anything. */
  readonly stated: OnnxPort[] = [];
  readonly #graph: Graph;
  readonly #initializers = new Map<string, OnnxInitializer>();
  readonly #names = new Map<Value, string>();
  /** Of what is only another's numbers in another shape: the other. */
  readonly #reshaped = new Map<string, string>();
  readonly #openSizes = new Map<number, string>();
  readonly #openShapes = new Map<string, string>();
  #count = 0;

  constructor(graph: Graph, provider: ExecutionProvider) {
    this.provider = provider;
    this.#graph = graph;
  }

  get initializers(): OnnxInitializer[] {
    return [...this.#initializers.values()];
  }

  /** Of a value that has been written. */
  nameOf(value: Value): string {
    return this.#names.get(value)!;
  }

  setName(value: Value, name: string): void {
    this.#names.set(value, name);
  }

  newName(): string {
    // A leading % keeps clear of the graph's own input and output names.
    return `%${this.#count++}`;
  }

  /** @returns the name of what the operator yields */
  node(
    opType: string,
    inputs: readonly string[],
    attributes: Record<string, AttributeValue> = {},
    domain = '',
  ): string {
    const output = this.newName();
    this.nodes.push({ opType, domain, inputs, outputs: [output], attributes });
    return output;
  }

  cast(x: string, type: ElementType): string {
    return this.node('Cast', [x], { to: ELEMENT_TYPE[type] });
  }

  int64(numbers: readonly number[]): string {
    return this.constant(BigInt64Array.from(numbers, BigInt), [numbers.length], 'int64');
  }

  constant(data: Float32Array | Int32Array | BigInt64Array, shape: Shape, type: ElementType): string {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const key = data.length <= SMALL_CONSTANT ? `${type} ${shape} ${data.join()}` : this.newName();
    const known = this.#initializers.get(key);
    if (known) return known.name;
    const name = this.newName();
    this.#initializers.set(key, { name, shape, type, content: bytes });
    return name;
  }

  reshape(x: string, shape: Shape): string {
    const { open } = this.#graph;
    const isOpen = (size: number) => factorize(size, open).names.length > 0;
    // The only open size follows from the others.
    const sizes =
      shape.filter(isOpen).length === 1
        ? this.int64(shape.map((size) => (isOpen(size) ? -1 : size)))
        : this.sizes(shape);
    const source = this.#reshaped.get(x) ?? x;
    const result = this.node('Reshape', [source, sizes]);
    this.#reshaped.set(result, source);
    return result;
  }

  /** A shape as int64 [axes], computed where it has open sizes. */
  sizes(shape: Shape): string {
    const { open } = this.#graph;
    const parts = shape.map((size) => factorize(size, open));
    if (parts.every(({ names }) => names.length === 0)) return this.int64(shape);
    const key = shape.join();
    const known = this.#openShapes.get(key);
    if (known !== undefined) return known;
    const sizes = parts.map(({ factor, names }) =>
      [
        ...(factor === 1 && names.length > 0 ? [] : [this.int64([factor])]),
        ...names.map((name) => this.#openSize(open.get(name)!)),
      ].reduce((product, size) => this.node('Mul', [product, size])),
    );
    const result = sizes.length === 1 ? sizes[0]! : this.node('Concat', sizes, { axis: 0 });
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
      const size = this.node('Shape', [input]);
      const name = this.node('Gather', [size, this.int64([axis])], { axis: 0 });
      this.#openSizes.set(prime, name);
      return name;
    }
    throw new Error('no input has the open size');
  }
}
