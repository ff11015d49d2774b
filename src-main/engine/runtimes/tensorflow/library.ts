/**
 * What the TensorFlow runtime needs of a library that computes: tensors behind numbers, and operations of TensorFlow by
 * name. There are two: TensorFlow itself (native-library.ts), and tfjs in plain JavaScript (tfjs-library.ts), which
 * computes the same program everywhere, slowly, and so checks it.
 */
import type { DataType, Shape, TensorData } from '../../graph/value.ts';

/** A tensor of a library, until it is deleted. */
export type Handle = number;

/** Tensors of the last are made from others, and only within a program. */
export type TypeName = DataType | 'bfloat16';

/** A number is an integer to TensorFlow, and a name of a data type is a data type. */
export type Attributes = Readonly<
  Record<string, boolean | number | TypeName | { readonly text: string } | { readonly shape: Shape }>
>;

export interface TensorLibrary {
  /** Plain words for the screen, such as "TensorFlow 2.21, 2 CPU threads". */
  readonly description: string;
  /** Whether there are tensors that operations change, as those of optimizers do. */
  readonly hasVariables: boolean;
  /** The library may keep `data` itself: it must not be written to afterwards. */
  create(data: TensorData, shape: Shape, type: DataType): Handle;
  /** Makes operations of one kind callable again and again. */
  prepare(operation: string, attributes: Attributes, outputs: number): Operator;
  /** A copy. */
  read(tensor: Handle): TensorData;
  delete(tensor: Handle): void;
  /** Tensors made and not deleted. */
  tensorCount(): number;
}

export type Operator = (inputs: readonly Handle[]) => readonly Handle[];
