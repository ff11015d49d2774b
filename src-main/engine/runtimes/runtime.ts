/**
 * What a runtime promises: it compiles graphs once, holds tensors where it computes, runs programs on them, and gives
 * numbers back only when asked. The same test-suite (runtime.suite.ts) runs on every runtime.
 */
import type { FloatType } from '../formats/safetensors.ts';
import type { Graph } from '../graph/graph.ts';
import type { DataType, Shape, TensorData } from '../graph/value.ts';
import type { WeightPrecision } from './quantize.ts';

export type RuntimeName = 'reference' | 'cpu' | 'webgpu' | 'tensorflow';

/**
 * What large products of matrices are computed in: "float32", or "bfloat16", which rounds their operands and results to 8
 * significant bits. All else is float32 always.
 */
export const PRODUCTS = ['float32', 'bfloat16'] as const;
export type Products = (typeof PRODUCTS)[number];

/** Numbers that live on a runtime's device until released. */
export interface DeviceTensor {
  readonly shape: Shape;
  readonly type: DataType;
  /** Bytes it occupies on the device. */
  readonly bytes: number;
  /** A copy, or on the CPU a view that is valid until the tensor is next written or released. */
  read(): Promise<TensorData>;
  /** Idempotent. */
  release(): void;
}

export type DeviceTensors = Readonly<Record<string, DeviceTensor>>;

export interface Program {
  /**
   * Runs the graph. Every input of the graph must be given, in its shape and type; others are ignored.
   * An output that shares an input's memory (`Graph.sharing`) consumes that input: use the output instead of it.
   * The caller releases the outputs.
   */
  run(inputs: DeviceTensors): Promise<Record<string, DeviceTensor>>;
  release(): Promise<void>;
}

/** An input that never changes. */
export interface FixedInput {
  /** Fills the array with its numbers. */
  readonly read: (into: Float32Array) => Promise<unknown>;
  /** Of matrices; all else is kept as it is. */
  readonly precision: WeightPrecision;
  /** Where a file has the numbers, row after row; there may be none. */
  readonly place?: () => Promise<StoredNumbers | undefined>;
}

export interface StoredNumbers {
  /** Without links. */
  readonly path: string;
  /** The byte at which they begin. */
  readonly offset: number;
  readonly byteLength: number;
  readonly type: FloatType;
}

export type FixedInputs = ReadonlyMap<string, FixedInput>;

export interface Runtime {
  readonly name: RuntimeName;
  /** Whether graphs may have open sizes. Where they may not, a graph is compiled for every shape. */
  readonly takesOpenSizes: boolean;
  /** In which it can keep fixed inputs. */
  readonly precisions: readonly WeightPrecision[];
  /** Plain words for the screen, such as "2 CPU threads". */
  readonly description: string;
  /**
   * @param fixed inputs that the program takes into itself, in the form that it computes with fastest: runs are not given
   *   them
   * @throws LabError 'bad-argument' for a precision that it does not have
   */
  compile(graph: Graph, fixed?: FixedInputs): Promise<Program>;
  upload(data: TensorData, shape: Shape): DeviceTensor;
  /**
   * A float32 tensor of what `fill` writes into the array that it is given, which holds any numbers before. On the CPU that
   * array is the tensor itself, so nothing large lies there twice.
   */
  load(shape: Shape, fill: (numbers: Float32Array) => Promise<unknown>): Promise<DeviceTensor>;
  /** Bytes held by tensors that were uploaded or kept and not released: native scratch memory is not in it. */
  memoryUsed(): number;
  close(): Promise<void>;
}
