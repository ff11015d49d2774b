/** Runtimes by the names that people choose them by. */
import { LabError } from '../errors.ts';
import { CpuRuntime } from './onnxruntime/cpu-runtime.ts';
import { WebGpuRuntime } from './onnxruntime/webgpu-runtime.ts';
import type { Runtime } from './runtime.ts';
import { openNativeLibrary } from './tensorflow/native-library.ts';
import { findPack, type PackPlaces } from './tensorflow/pack.ts';
import { TensorFlowRuntime } from './tensorflow/tensorflow-runtime.ts';

type Open = (threads?: number, places?: PackPlaces) => Promise<Runtime>;

const RUNTIMES: Readonly<Record<string, Open>> = {
  cpu: async (threads) => new CpuRuntime(threads),
  webgpu: () => WebGpuRuntime.open(),
  tensorflow: async (threads, places = {}) =>
    new TensorFlowRuntime(openNativeLibrary(await findPack(places), threads)),
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
