/** TensorFlow on its own library, from the pack that is found. */
import type { Products } from '../runtime.ts';
import { openNativeLibrary } from './native-library.ts';
import { findPack, type PackPlaces } from './pack.ts';
import { TensorFlowRuntime } from './tensorflow-runtime.ts';

/** @throws LabError 'runtime-unavailable' where there is no pack, or its library cannot be loaded */
export async function openTensorFlow(
  threads?: number,
  products?: Products,
  places: PackPlaces = {},
): Promise<TensorFlowRuntime> {
  return new TensorFlowRuntime(openNativeLibrary(await findPack(places), threads), products);
}
