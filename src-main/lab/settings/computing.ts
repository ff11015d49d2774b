/** What jobs compute on: as set, and for "auto" as measured. */
import { availableParallelism } from 'node:os';
import type { RuntimeChoice, SpeedReport } from '../../../src-preload/contract/endpoints/speed.ts';
import type { Settings } from '../../../src-preload/contract/endpoints/system.ts';

export interface Computing {
  readonly runtime: RuntimeChoice;
  /** Of the processor. */
  readonly threads: number;
}

export function computingFor(
  { runtime, threads }: Pick<Settings, 'runtime' | 'threads'>,
  report: SpeedReport | null,
): Computing {
  return {
    runtime: runtime === 'auto' ? (report?.fastest ?? 'cpu') : runtime,
    threads: threads ?? availableParallelism(),
  };
}
