/**
 * TensorFlow's own library, through the native binding of @tensorflow/tfjs-node. The binding is called directly, and not
 * by the package's JavaScript: that makes tensors of every axis and size anew in each call, and brings 60 packages.
 */
import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { LabError } from '../../errors.ts';
import type { DataType, Shape, TensorData } from '../../graph/value.ts';
import type { Attributes, Handle, Operator, TensorLibrary, TypeName } from './library.ts';
import type { TensorFlowPack } from './pack.ts';

/** What is used of the binding (tfjs-node 4, binding/tfjs_binding.cc). */
interface Binding {
  readonly TF_Version: string;
  createTensor(shape: readonly number[], type: number, data: TensorData): Handle;
  deleteTensor(tensor: Handle): void;
  /** A copy. */
  tensorDataSync(tensor: Handle): TensorData;
  executeOp(
    operation: string,
    attributes: readonly NativeAttribute[],
    inputs: readonly Handle[],
    outputs: number,
  ): readonly { readonly id: Handle }[];
  getNumOfTensors(): number;
  isUsingGpuDevice(): boolean;
}

interface NativeAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: number | boolean | string | Shape;
}

const bindingSchema = z.custom<Binding>(
  (given) => typeof given === 'object' && given !== null && 'executeOp' in given && 'TF_Version' in given,
);

/** TF_DataType (tensorflow/c/tf_datatype.h). */
const DATA_TYPES: Readonly<Record<TypeName, number>> = { float32: 1, int32: 3, bfloat16: 14 };
/** TF_AttrType (tensorflow/c/tf_attrtype.h). */
const ATTRIBUTE_TYPES = { text: 0, integer: 1, boolean: 3, dataType: 4, shape: 5 } as const;

/**
 * Operations that oneDNN, which TensorFlow brings on x86 processors, computes in half the time or less. TensorFlow puts
 * them into whole graphs itself, but leaves operations that are called one by one as they are.
 */
const FASTER: Readonly<Record<string, string>> = { Softmax: '_MklSoftmax' };
/** How TensorFlow tells its kernels of oneDNN from others of the same name. */
const ONEDNN_KERNEL = nativeAttribute('_kernel', { text: 'MklNameChangeOp' });

interface Loaded {
  readonly pack: string;
  readonly threads: number;
  readonly binding: Binding;
}

/** A process can load TensorFlow once: what its number of threads is then stays. */
let loaded: Loaded | undefined;

/**
 * @param threads of one operation
 * @throws LabError 'runtime-unavailable' if the library cannot be loaded, or is there already in another way
 */
export function openNativeLibrary(pack: TensorFlowPack, threads = availableParallelism()): TensorLibrary {
  loaded ??= { pack: pack.binding, threads, binding: load(pack, threads) };
  if (loaded.pack !== pack.binding || loaded.threads !== threads) {
    throw new LabError(
      'runtime-unavailable',
      `TensorFlow computes here already, with ${loaded.threads} threads and from ${loaded.pack}: another way needs another process.`,
      { pack: loaded.pack, threads: loaded.threads },
    );
  }
  return new NativeLibrary(loaded.binding, threads);
}

function load(pack: TensorFlowPack, threads: number): Binding {
  // TensorFlow reads these when it starts. Operations follow each other here: no two run at once.
  process.env.TF_NUM_INTRAOP_THREADS = String(threads);
  process.env.TF_NUM_INTEROP_THREADS = '1';
  // It would tell of its compilation and of devices, to nobody.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  try {
    const module = { exports: {} };
    process.dlopen(module, pack.binding);
    return bindingSchema.parse(module.exports);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LabError(
      'runtime-unavailable',
      `TensorFlow could not be loaded from ${pack.folder}: ${reason}. Install it anew, or choose the runtime cpu.`,
      { reason, folder: pack.folder },
      { cause },
    );
  }
}

class NativeLibrary implements TensorLibrary {
  readonly description: string;
  readonly hasVariables = true;
  readonly #binding: Binding;
  readonly #hasOneDnn: boolean;

  constructor(binding: Binding, threads: number) {
    this.#binding = binding;
    this.#hasOneDnn = !binding.isUsingGpuDevice() && hasOneDnn(binding);
    const processor = `${threads} CPU ${threads === 1 ? 'thread' : 'threads'}`;
    this.description = `TensorFlow ${binding.TF_Version} (${binding.isUsingGpuDevice() ? 'GPU' : processor})`;
  }

  create(data: TensorData, shape: Shape, type: DataType): Handle {
    return this.#binding.createTensor(shape, DATA_TYPES[type], data);
  }

  prepare(operation: string, attributes: Attributes, outputs: number): Operator {
    const binding = this.#binding;
    const native = Object.entries(attributes).map(([name, value]) => nativeAttribute(name, value));
    const faster = this.#hasOneDnn ? FASTER[operation] : undefined;
    if (faster !== undefined) native.push(ONEDNN_KERNEL);
    return (inputs) => binding.executeOp(faster ?? operation, native, inputs, outputs).map(({ id }) => id);
  }

  read(tensor: Handle): TensorData {
    return this.#binding.tensorDataSync(tensor);
  }

  delete(tensor: Handle): void {
    this.#binding.deleteTensor(tensor);
  }

  tensorCount(): number {
    return this.#binding.getNumOfTensors();
  }
}

/** Whether the library was built with all of them, by trying. */
function hasOneDnn(binding: Binding): boolean {
  const one = binding.createTensor([1, 1], DATA_TYPES.float32, Float32Array.of(1));
  try {
    for (const operation of Object.values(FASTER))
      for (const { id } of binding.executeOp(operation, [ONEDNN_KERNEL], [one], 1)) binding.deleteTensor(id);
    return true;
  } catch {
    return false;
  } finally {
    binding.deleteTensor(one);
  }
}

function nativeAttribute(name: string, value: Attributes[string]): NativeAttribute {
  switch (typeof value) {
    case 'boolean':
      return { name, type: ATTRIBUTE_TYPES.boolean, value };
    case 'number':
      return { name, type: ATTRIBUTE_TYPES.integer, value };
    case 'string':
      return { name, type: ATTRIBUTE_TYPES.dataType, value: DATA_TYPES[value] };
    default:
      return 'text' in value
        ? { name, type: ATTRIBUTE_TYPES.text, value: value.text }
        : { name, type: ATTRIBUTE_TYPES.shape, value: value.shape };
  }
}
