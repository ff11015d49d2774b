/** What jobs compute on: as set, and for "auto" as measured. */
import { availableParallelism } from 'node:os';
import type { ComputingChoice, SpeedReport } from '../../../src-preload/contract/endpoints/speed.ts';
import type { Settings } from '../../../src-preload/contract/endpoints/system.ts';
import type { Products } from '../../engine/runtimes/runtime.ts';
import { fastestOf } from '../speed/speed-test.ts';

export type Computing = Readonly<Pick<ComputingChoice, 'runtime' | 'threads'>>;

/** What runs compute on, and checks of them. */
export interface TrainingComputing extends Computing {
  /** Not said where that is float32. */
  readonly products?: Products;
}

/** @param hasTensorFlow whether it is installed now: what was measured may have been removed since */
export function chooseRuntime(
  { runtime }: Pick<Settings, 'runtime'>,
  report: SpeedReport | null,
  hasTensorFlow: boolean,
): Pick<ComputingChoice, 'runtime' | 'why'> {
  if (runtime !== 'auto') return { runtime, why: 'set' };
  if (report === null) return { runtime: 'cpu', why: 'unmeasured' };
  const here = report.results.filter((result) => hasTensorFlow || result.runtime !== 'tensorflow');
  return { runtime: fastestOf(here), why: 'fastest' };
}

/** Without a number that is set: with as many threads as were measured to be the fastest, else with all. */
export function computingFor(
  { threads }: Pick<Settings, 'threads'>,
  { runtime }: Pick<ComputingChoice, 'runtime'>,
  report: SpeedReport | null,
): Computing {
  const measured = report?.results.find((result) => result.runtime === runtime)?.threads ?? undefined;
  const all = availableParallelism();
  return { runtime, threads: threads ?? Math.min(measured ?? all, all) };
}

/** Only TensorFlow computes products in another way, and only training takes it: what is measured and written is float32. */
export function trainingComputingFor(
  { products }: Pick<Settings, 'products'>,
  computing: Computing,
): TrainingComputing {
  const isRounded = computing.runtime === 'tensorflow' && products !== 'float32';
  return isRounded ? { ...computing, products } : computing;
}
