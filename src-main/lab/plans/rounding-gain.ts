/**
 * Whether rounded products are faster on this computer. A processor without instructions for bfloat16 computes them with those of
 * float32, which gains nothing; as not every system tells which it has, it is measured in a moment.
 */
import type { Runtime } from '../../engine/runtimes/runtime.ts';
import { measureProducts } from '../../engine/speed/measure-speed.ts';
import { openRuntimeHere } from '../packs/open-runtime.ts';

/** Of a turn. The two take turns, and the best of each counts: whatever else the computer does only makes a turn slower. */
const SECONDS = 0.1;
const TURNS = 2;

/** @returns how many times as fast as exact products the runtime's are */
export async function roundingGain(rounding: Runtime, signal?: AbortSignal): Promise<number> {
  const exact = await openRuntimeHere(rounding.name);
  const best = { exact: 0, rounded: 0 };
  try {
    for (let turn = 0; turn < TURNS; turn++) {
      best.exact = Math.max(best.exact, await measureProducts(exact, { seconds: SECONDS, signal }));
      best.rounded = Math.max(best.rounded, await measureProducts(rounding, { seconds: SECONDS, signal }));
    }
  } finally {
    await exact.close();
  }
  return best.rounded / best.exact;
}
