/** Runtimes by the names that people choose them by. */
import { LabError } from '../errors.ts';
import type { Runtime } from './runtime.ts';
import type { PackPlaces } from './tensorflow/pack.ts';

type Open = (threads?: number, places?: PackPlaces) => Promise<Runtime>;

// Native code is loaded where it is to compute, and not by whoever only knows what an experiment is called.
const RUNTIMES: Readonly<Record<string, Open>> = {
  cpu: async (threads) => new (await import('./onnxruntime/cpu-runtime.ts')).CpuRuntime(threads),
  webgpu: async () => (await import('./onnxruntime/webgpu-runtime.ts')).WebGpuRuntime.open(),
  tensorflow: async (threads, places) =>
    (await import('./tensorflow/open-tensorflow.ts')).openTensorFlow(threads, places),
};
export const RUNTIME_NAMES = Object.keys(RUNTIMES);

/**
 * @param threads of the processor, where it is the processor that computes; all its cores if not said
 * @param places where to look for a runtime that does not come with the lab
 */
export async function openRuntime(name: string, threads?: number, places?: PackPlaces): Promise<Runtime> {
  const open = Object.hasOwn(RUNTIMES, name) ? RUNTIMES[name] : undefined;
  if (open === undefined) {
    throw new LabError(
      'bad-argument',
      `There is no runtime "${name}". Choose ${RUNTIME_NAMES.join(' or ')}.`,
      { runtime: name },
    );
  }
  return open(threads, places);
}
