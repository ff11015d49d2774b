/**
 * A program of TensorFlow operations: a list that is run from top to bottom. A slot is the place of one tensor while the
 * program runs; each instruction names the slots that it is the last to need, so a run holds no more than it must.
 * Constants have slots of their own, which stay from run to run.
 */
import { type DataType, elementCount, type Shape, type TensorData, type Value } from '../../graph/value.ts';
import type { Attributes } from './library.ts';

export type Slot = number;

export interface Instruction {
  readonly operation: string;
  readonly attributes: Attributes;
  readonly inputs: readonly Slot[];
  readonly outputs: readonly Slot[];
  /** Slots that nothing needs after this instruction. */
  readonly lastUses: readonly Slot[];
}

export interface Constant {
  readonly slot: Slot;
  readonly data: TensorData;
  readonly shape: Shape;
  readonly type: DataType;
}

export interface TensorProgram {
  readonly slots: number;
  readonly inputs: ReadonlyMap<string, Slot>;
  readonly constants: readonly Constant[];
  readonly instructions: readonly Instruction[];
  readonly outputs: ReadonlyMap<string, Slot>;
}

/** Small constants that say the same are one; numbers of the larger ones are not compared. */
const LARGEST_COMPARED = 64;

type Draft = Omit<Instruction, 'lastUses'>;

/** Writes the instructions down, and each one only once. */
export class ProgramWriter {
  readonly #instructions: Draft[] = [];
  readonly #constants: Constant[] = [];
  readonly #known = new Map<string, Slot>();
  #slots = 0;

  slot(): Slot {
    return this.#slots++;
  }

  /** Slot of the result, which the same operation on the same operands has in common. */
  add(operation: string, inputs: readonly Slot[], attributes: Attributes = {}): Slot {
    const key = JSON.stringify([operation, inputs, attributes]);
    return this.#remember(key, () => this.addAnew(operation, inputs, attributes));
  }

  /** For what will be written over. */
  addAnew(operation: string, inputs: readonly Slot[], attributes: Attributes = {}): Slot {
    const output = this.slot();
    this.write(operation, inputs, attributes, [output]);
    return output;
  }

  constant(data: TensorData, shape: Shape, type: DataType): Slot {
    const make = () => {
      const slot = this.slot();
      this.#constants.push({ slot, data, shape, type });
      return slot;
    };
    // `optimize` has merged the graph's own, which may be large.
    return data.length > LARGEST_COMPARED ? make() : this.#remember(`${type} ${shape} ${data.join()}`, make);
  }

  number(number: number): Slot {
    return this.constant(Float32Array.of(number), [], 'float32');
  }

  integer(number: number): Slot {
    return this.constant(Int32Array.of(number), [], 'int32');
  }

  integers(numbers: readonly number[], shape: Shape = [numbers.length]): Slot {
    return this.constant(Int32Array.from(numbers), shape, 'int32');
  }

  reshape(x: Slot, shape: Shape): Slot {
    return this.add('Reshape', [x, this.integers(shape)]);
  }

  /** An index [n] as [n, 1]. */
  column(index: Slot, { shape }: Value): Slot {
    return this.reshape(index, [elementCount(shape), 1]);
  }

  inverseRms(x: Slot, { shape }: Value, epsilon: number): Slot {
    const axis = this.integers([shape.length - 1]);
    const mean = this.add('Mean', [this.add('Square', [x]), axis], { keep_dims: true });
    return this.add('Rsqrt', [this.add('AddV2', [mean, this.number(epsilon)])]);
  }

  /** With any number of results. */
  write(operation: string, inputs: readonly Slot[], attributes: Attributes, outputs: readonly Slot[]): void {
    this.#instructions.push({ operation, attributes, inputs, outputs });
  }

  /** @param takenOver slots of inputs that are the program's to delete */
  program(
    inputs: ReadonlyMap<string, Slot>,
    takenOver: readonly Slot[],
    outputs: ReadonlyMap<string, Slot>,
  ): TensorProgram {
    return {
      slots: this.#slots,
      inputs,
      constants: this.#constants,
      instructions: withLastUses(this.#instructions, takenOver, new Set(outputs.values())),
      outputs,
    };
  }

  #remember(key: string, make: () => Slot): Slot {
    const slot = this.#known.get(key) ?? make();
    this.#known.set(key, slot);
    return slot;
  }
}

/** Constants, and inputs that are not taken over, are not the program's to delete; outputs are its caller's. */
function withLastUses(
  drafts: readonly Draft[],
  takenOver: readonly Slot[],
  outputs: ReadonlySet<Slot>,
): Instruction[] {
  const made = [...takenOver, ...drafts.flatMap((draft) => draft.outputs)];
  const waiting = new Set(made.filter((slot) => !outputs.has(slot)));
  return drafts
    .toReversed()
    .map((draft): Instruction => {
      // What is never read goes at once.
      const slots = new Set([...draft.inputs, ...draft.outputs]);
      return { ...draft, lastUses: [...slots].filter((slot) => waiting.delete(slot)) };
    })
    .reverse();
}
