/**
 * A model's weights on a runtime. They are looked up by the names that architectures use, checked against the shapes
 * they expect before anything is loaded, read from the folder when first needed, and shared by all that ask for them.
 */
import type { Architecture } from '../architectures/architecture.ts';
import { LabError } from '../errors.ts';
import type { ModelFolder } from '../formats/model-folder.ts';
import { type Shape, sameShape, showShape } from '../graph/value.ts';
import type { WeightPrecision } from '../runtimes/quantize.ts';
import type { DeviceTensor, FixedInput, Runtime, StoredNumbers } from '../runtimes/runtime.ts';
import { allParameters, type ParameterLayout, parameterLayout } from './parameters.ts';

/** Where the numbers come from: a model folder, or fresh ones for a model that is trained from nothing. */
export interface WeightSource {
  readonly tensors: ReadonlyMap<string, { readonly shape: Shape }>;
  /** Fills an array of the tensor's size. */
  readFloat32(name: string, into: Float32Array): Promise<unknown>;
  /** Rows of a matrix, ascending, one after the other into the beginning of the array. */
  readRows(name: string, rows: readonly number[], into: Float32Array): Promise<void>;
  /** Where a file has the numbers, if one has them. */
  place?(name: string): Promise<StoredNumbers | undefined>;
}

export class Weights {
  readonly layout: ParameterLayout;
  readonly runtime: Runtime;
  readonly #source: WeightSource;
  readonly #shapes: ReadonlyMap<string, Shape>;
  readonly #stored: ReadonlyMap<string, string>;
  readonly #loaded = new Map<string, Promise<DeviceTensor>>();

  constructor(source: WeightSource | ModelFolder, architecture: Architecture, runtime: Runtime) {
    this.layout = parameterLayout(architecture);
    this.runtime = runtime;
    this.#source = source;
    this.#shapes = allParameters(this.layout);
    this.#stored = storedNames(source, architecture, this.#shapes);
  }

  /** Name → shape of every parameter. */
  get shapes(): ReadonlyMap<string, Shape> {
    return this.#shapes;
  }

  /** The tensor, loaded if it is not yet there. It belongs to these weights: do not release it. */
  tensor(name: string): Promise<DeviceTensor> {
    const known = this.#loaded.get(name);
    if (known) return known;
    const loading = this.load(name);
    this.#loaded.set(name, loading);
    // What could not be loaded is not held against who asks again.
    loading.catch(() => this.#loaded.delete(name));
    return loading;
  }

  /** A tensor of the caller's own. */
  load(name: string): Promise<DeviceTensor> {
    return this.runtime.load(this.#shapes.get(name)!, (into) => this.#read(name, into));
  }

  /** For a program that takes the weight into itself. */
  fixed(name: string, precision: WeightPrecision): FixedInput {
    const place = async () => this.#source.place?.(this.#stored.get(name)!);
    return { read: (into) => this.#read(name, into), precision, place };
  }

  /**
   * Some rows of a matrix, as the first of a tensor of the caller's own with `height` rows.
   * @param rows ascending
   */
  loadRows(name: string, rows: readonly number[], height: number): Promise<DeviceTensor> {
    const [stored, width] = [this.#stored.get(name)!, this.#shapes.get(name)![1]!];
    return this.runtime.load([height, width], (into) => this.#source.readRows(stored, rows, into));
  }

  async tensors(names: Iterable<string>): Promise<Record<string, DeviceTensor>> {
    const entries: [string, DeviceTensor][] = [];
    // One at a time: a disk reads fastest one thing after the other.
    for (const name of names) entries.push([name, await this.tensor(name)]);
    return Object.fromEntries(entries);
  }

  async release(names: Iterable<string> = this.#loaded.keys()): Promise<void> {
    for (const name of [...names]) {
      const loaded = this.#loaded.get(name);
      this.#loaded.delete(name);
      // What could not be loaded was told to who wanted it.
      (await loaded?.catch(() => undefined))?.release();
    }
  }

  /** The numbers as stored, widened to float32. */
  async #read(name: string, into: Float32Array): Promise<void> {
    await this.#source.readFloat32(this.#stored.get(name)!, into);
  }
}

/** Parameter name → name in the files, which may leave out the first part ("model.", "transformer."). */
function storedNames(
  source: WeightSource,
  { basePrefix }: Architecture,
  shapes: ReadonlyMap<string, Shape>,
): ReadonlyMap<string, string> {
  const result = new Map<string, string>();
  for (const [name, shape] of shapes) {
    const candidates = [name, name.replace(`${basePrefix}.`, '')];
    const stored = candidates.find((candidate) => source.tensors.has(candidate));
    if (stored === undefined) {
      throw new LabError(
        'missing-tensor',
        `The model's files lack the tensor "${name}". The download may be incomplete.`,
        {
          tensor: name,
        },
      );
    }
    const found = source.tensors.get(stored)!.shape;
    if (!sameShape(found, shape)) {
      throw new LabError(
        'bad-config',
        `The tensor "${stored}" is ${showShape(found)} in the files, but config.json makes it ${showShape(shape)}.`,
        { tensor: stored, found, expected: shape },
      );
    }
    result.set(name, stored);
  }
  return result;
}
