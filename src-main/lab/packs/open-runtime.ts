/** Any runtime as the lab opens it, with its pack if it needs one. It loads what computes: for engines, not for the lab. */
import { openRuntime, type RuntimeOptions } from '../../engine/runtimes/open-runtime.ts';
import type { Runtime } from '../../engine/runtimes/runtime.ts';
import { packPlaces } from './places.ts';

/** @throws LabError as openRuntime does */
export async function openRuntimeHere(
  name: string,
  options: Omit<RuntimeOptions, 'places'> = {},
): Promise<Runtime> {
  return openRuntime(name, { ...options, ...(name === 'tensorflow' && { places: packPlaces() }) });
}
