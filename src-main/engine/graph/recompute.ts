/**
 * Values that are computed a second time for the gradient instead of being kept for it ("activation checkpointing", arXiv
 * 1604.06174): less memory for more time. The second time waits for the gradient that needs it, which keeps it from being
 * computed early and from being taken for the first.
 */
import { after } from './after.ts';
import { Value } from './value.ts';

export class Recomputation {
  readonly #recomputed: Set<Value>;
  readonly #copies = new Map<Value, Value>();
  readonly #originals = new Map<Value, Value>();

  /** @param order every value after those that it is computed from */
  constructor(recomputed: ReadonlySet<Value>, order: readonly Value[]) {
    this.#recomputed = new Set(recomputed);
    // Another view of a value would keep its numbers.
    for (const value of order)
      if (value.operation.kind === 'reshape' && this.#recomputed.has(value.inputs[0]!))
        this.#recomputed.add(value);
  }

  /** The value for its gradient: with what it is made of computed anew, where that is not kept. */
  forGradient(value: Value, gradient: Value): Value {
    if (this.#recomputed.has(value)) return this.#again(value, gradient);
    if (!value.inputs.some((operand) => this.#recomputed.has(operand))) return value;
    return withInputs(value, this.#inputsOf(value, gradient));
  }

  originalOf(value: Value): Value {
    return this.#originals.get(value) ?? value;
  }

  #again(value: Value, gradient: Value): Value {
    const known = this.#copies.get(value);
    if (known) return known;
    const inputs = this.#inputsOf(value, gradient);
    if (!value.inputs.some((operand) => this.#recomputed.has(operand))) {
      const [first] = value.inputs as [Value];
      inputs[0] = after(first, [gradient]);
      this.#originals.set(inputs[0], first);
    }
    const copy = withInputs(value, inputs);
    this.#copies.set(value, copy);
    this.#originals.set(copy, value);
    return copy;
  }

  #inputsOf(value: Value, gradient: Value): Value[] {
    return value.inputs.map((operand) =>
      this.#recomputed.has(operand) ? this.#again(operand, gradient) : operand,
    );
  }
}

function withInputs({ operation, shape, type }: Value, inputs: readonly Value[]): Value {
  return new Value(operation, inputs, shape, type);
}
