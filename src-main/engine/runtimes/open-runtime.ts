/** Runtimes by the names that people choose them by. */
import { LabError } from '../errors.ts';
import type { Runtime } from './runtime.ts';

// Native code is loaded where it is to compute, and not by whoever only knows what an experiment is called.
const RUNTIMES: Readonly<Record<string, (threads?: number) => Promise<Runtime>>> = {
  cpu: async (threads) => new (await import('./onnxruntime/cpu-runtime.ts')).CpuRuntime(threads),
  webgpu: async () => (await import('./onnxruntime/webgpu-runtime.ts')).WebGpuRuntime.open(),
};
export const RUNTIME_NAMES = Object.keys(RUNTIMES);

/** @param threads of the processor, where it is the processor that computes; all its cores if not said */
export async function openRuntime(name: string, threads?: number): Promise<Runtime> {
  const open = Object.hasOwn(RUNTIMES, name) ? RUNTIMES[name] : undefined;
  if (open === undefined) {
    throw new LabError(
      'bad-argument',
      `There is no runtime "${name}". Choose ${RUNTIME_NAMES.join(' or ')}.`,
      { runtime: name },
    );
  }
  return open(threads);
}
