/** What was found of this computer (examine.ts), as `lab doctor --json` prints it. */

import type { ComputingChoice, RuntimeChoice } from '../../../src-preload/contract/endpoints/speed.ts';
import type { Machine } from '../../../src-preload/contract/endpoints/system.ts';
import type { Products } from '../../engine/runtimes/runtime.ts';
import type { DiskSpeed } from './disk-speed.ts';

export interface RuntimeFacts {
  readonly runtime: RuntimeChoice;
  /** Whether it may be chosen here; where it was measured, whether it computed. */
  readonly isThere: boolean;
  /** Why it is not. */
  readonly problem: string | null;
  /** Billions of multiplications and additions a second; null where it was not measured. */
  readonly gflops: number | null;
}

export interface Facts {
  readonly versions: { readonly lab: string; readonly node: string; readonly electron: string | null };
  readonly machine: Machine;
  readonly freeMemoryBytes: number;
  /** How much of the processor other programs kept busy before anything was measured, 0 to 1. */
  readonly busyShare: number;
  readonly runtimes: readonly RuntimeFacts[];
  readonly tensorflow: {
    /** Whether TensorFlow's library exists for this system. */
    readonly isOffered: boolean;
    readonly inUse: 'cpu' | 'gpu' | 'own' | null;
    readonly downloadBytes: number | null;
    readonly problem: string | null;
  };
  readonly disk: {
    readonly dataFolder: string;
    readonly freeBytes: number;
    /** Null where it was not measured. */
    readonly speed: DiskSpeed | null;
    readonly problem: string | null;
  };
  /** What the lab computes with now, in the app and in the browser; the command line takes cpu where nothing is said. */
  readonly use: {
    readonly runtime: RuntimeChoice;
    readonly threads: number;
    /** In which large products are computed when it trains; not said where that is float32. */
    readonly products?: Products;
    /** As in Settings (contract/endpoints/speed.ts), or by the command's own --runtime. */
    readonly why: ComputingChoice['why'] | 'asked';
    /** Set in Settings; measured by the speed test to be faster than all of them; or all. */
    readonly whyThreads: 'set' | 'fastest' | 'all';
  };
}

/** Something that a person may want to change. */
export interface Finding {
  /** "problem": something will fail or be very slow. "hint": something could be better. */
  readonly kind: 'problem' | 'hint';
  readonly words: string;
}
