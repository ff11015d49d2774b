/** Runtimes by the names that people choose them by. */
import { LabError } from '../errors.ts';
import type { Products, Runtime } from './runtime.ts';
import type { PackPlaces } from './tensorflow/pack.ts';

export interface RuntimeOptions {
  /** Of the processor, where it is the processor that computes; all its cores if not said. */
  readonly threads?: number | undefined;
  /** Only TensorFlow computes others than float32. */
  readonly products?: Products | undefined;
  /** Where to look for a runtime that does not come with the lab. */
  readonly places?: PackPlaces | undefined;
}

type Open = (options: RuntimeOptions) => Promise<Runtime>;

// Native code is loaded where it is to compute, and not by whoever only knows what an experiment is called.
const RUNTIMES: Readonly<Record<string, Open>> = {
  cpu: async ({ threads }) => new (await import('./onnxruntime/cpu-runtime.ts')).CpuRuntime(threads),
  webgpu: async () => (await import('./onnxruntime/webgpu-runtime.ts')).WebGpuRuntime.open(),
  tensorflow: async ({ threads, products, places }) =>
    (await import('./tensorflow/open-tensorflow.ts')).openTensorFlow(threads, products, places),
};
export const RUNTIME_NAMES = Object.keys(RUNTIMES);

/** @throws LabError 'bad-argument', or 'runtime-unavailable' where it is not installed or cannot be loaded */
export async function openRuntime(name: string, options: RuntimeOptions = {}): Promise<Runtime> {
  const open = Object.hasOwn(RUNTIMES, name) ? RUNTIMES[name] : undefined;
  if (open === undefined) {
    throw new LabError(
      'bad-argument',
      `There is no runtime "${name}". Choose ${RUNTIME_NAMES.join(' or ')}.`,
      { runtime: name },
    );
  }
  const { products = 'float32' } = options;
  if (products !== 'float32' && name !== 'tensorflow') {
    throw new LabError(
      'bad-argument',
      `Products in ${products} are computed by TensorFlow alone, and this is the runtime ${name}. Choose the runtime tensorflow, or products in float32.`,
      { runtime: name, products },
    );
  }
  return open(options);
}
