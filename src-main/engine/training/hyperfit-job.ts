/** What a hyperfit run is given, what it tells on its way, and what it gives. */
import type { Weights } from '../model/weights.ts';
import type { CheckpointFiles } from './checkpoints.ts';
import type { EpochRecord, StepRecord } from './records.ts';
import type { RunFolder } from './run-folder.ts';
import type { SampleWriter } from './samples.ts';
import type { Windows } from './window-feed.ts';

export interface HyperfitJob extends SampleWriter {
  readonly weights: Weights;
  readonly train: Windows;
  readonly folder: RunFolder;
  /** Go on from the folder's last checkpoint. */
  readonly resume: boolean;
  /** Where runs share what the frozen blocks give; otherwise it lies in the run's folder. See `deleteCaches`. */
  readonly cacheFolder?: string | undefined;
  /** Writes what is trained as an adapter's or a model's files: for states that are kept. */
  readonly writeTrained: (folder: string, trainables: Trainables) => Promise<unknown>;
  readonly wishes?: Wishes | undefined;
  readonly onEvent?: (event: HyperfitEvent) => void;
}

/** Trained matrices or weights by name. */
export type Trainables = ReadonlyMap<string, Float32Array>;

/** What is wished of a run under way. They are looked at after each step. */
export interface Wishes {
  /** To end here, as if all epochs were over. */
  finish: boolean;
  /** To keep the state of now for good; false again when that is done. */
  keep: boolean;
}

export type HyperfitEvent =
  | { readonly kind: 'prefix'; readonly share: number }
  | {
      readonly kind: 'step';
      readonly record: StepRecord;
      readonly totalSteps: number;
      /** That it took. */
      readonly seconds: number;
    }
  /** Seconds: of measuring, writing samples and keeping a checkpoint. */
  | { readonly kind: 'epoch'; readonly record: EpochRecord; readonly seconds: number }
  | { readonly kind: 'checkpoint'; readonly checkpoint: CheckpointFiles }
  | { readonly kind: 'stopped'; readonly reason: string };

export interface HyperfitResult {
  readonly epochs: readonly EpochRecord[];
  readonly trainables: Trainables;
  /** Why it ended before its last epoch, if it did. */
  readonly stopped: string | null;
  readonly trainableParameters: number;
  /** Tokens trained on in this process, and the seconds that the steps took. */
  readonly trainedTokens: number;
  readonly trainingSeconds: number;
  /** That measuring and sample texts took in this process. */
  readonly measuringSeconds: number;
}
