/** Runs: started, watched, gone on with; their numbers as they come. */
import { z } from 'zod';
import { channel, rpc, signal } from '../endpoint.ts';
import { wireErrorSchema } from '../errors.ts';
import { bytes, nothing, numbers, time } from './common.ts';
import { howForetoldSchema } from './plans.ts';
import { recipeSchema } from './recipes.ts';
import { runtimeSchema } from './speed.ts';
import { productsSchema } from './system.ts';

/** What was said before the run, to be held against what it then took. Older labs did not keep all of it. */
export const runEstimateSchema = z.object({
  memoryBytes: bytes,
  diskBytes: bytes.nullish(),
  secondsLow: z.number().nonnegative(),
  seconds: z.number().nonnegative().nullish(),
  secondsHigh: z.number().nonnegative(),
  how: howForetoldSchema.nullish(),
});
export type RunEstimate = z.infer<typeof runEstimateSchema>;

export const runRequestSchema = z.object({
  name: z.string().min(1),
  modelFolder: z.string(),
  dataFile: z.string(),
  recipeName: z.string().nullable(),
  recipe: recipeSchema,
  /** Null or left out where nothing was checked. */
  estimate: runEstimateSchema.nullish(),
});
export type RunRequest = z.infer<typeof runRequestSchema>;

/** What a run computes on: as it was set when the run was asked for. It stays with that. */
export const runComputingSchema = z.object({
  runtime: runtimeSchema,
  /** Of the processor; all that it has if not said. */
  threads: z.int().positive().optional(),
  /** What large products are computed in; float32 if not said. */
  products: productsSchema.optional(),
});

/** A run as it is kept. Older labs did not keep what it computes on. */
export const startedRunSchema = runRequestSchema.extend({ computing: runComputingSchema.optional() });

export const runStateSchema = z.enum(['waiting', 'running', 'finished', 'paused', 'interrupted', 'failed']);
export type RunState = z.infer<typeof runStateSchema>;

/** What a person calls and thinks of a run; what was computed never changes. */
export const runNotesSchema = z.object({
  name: z.string().trim().min(1).max(200),
  notes: z.string().max(20_000),
  tags: z.array(z.string().trim().min(1).max(40)).max(20),
  favourite: z.boolean(),
});
export type RunNotes = z.infer<typeof runNotesSchema>;

/** What a run that is being computed does just now. */
export const liveSchema = z.object({
  /** "prefix": the frozen blocks run once over the text. */
  phase: z.enum(['starting', 'prefix', 'training']),
  /** Of the phase, 0 to 1. */
  share: z.number().min(0).max(1),
  /** Null before enough steps were timed. */
  secondsLeft: z.number().nonnegative().nullable(),
  /** Resident memory of its process. */
  memoryBytes: bytes.nullable(),
});
export type Live = z.infer<typeof liveSchema>;

export const runSchema = startedRunSchema.extend({
  ...runNotesSchema.shape,
  id: z.number().int(),
  created: time,
  folder: z.string(),
  state: runStateSchema,
  /** Why it is interrupted or failed. */
  error: wireErrorSchema.nullable(),
  /** Why it was finished before its last epoch: a stop rule, or a person's wish. */
  stopped: z.string().nullable(),
  /** Updates done, and all that there will be; null before the text is cut into windows. */
  steps: z.number().int().nonnegative(),
  totalSteps: z.number().int().nonnegative().nullable(),
  /** Null before the first epoch is measured. */
  lastEpoch: z.number().int().nonnegative().nullable(),
  trainLoss: z.number().nullable(),
  /** Training loss of its epochs, thinned to a few dozen: for a small picture. */
  lossCurve: z.array(z.number()),
  /** Of all processes that worked on it. */
  seconds: z.number().nonnegative(),
  peakMemoryBytes: bytes.nullable(),
  /** Of its folder at its largest; null before its first checkpoint. */
  diskBytes: bytes.nullable(),
  /** Null where nothing works on it. */
  live: liveSchema.nullable(),
});
export type Run = z.infer<typeof runSchema>;

/**
 * Steps in columns, in order: what stands at one place of each belongs to one step. A hundred thousand of them go over the
 * wire as a few arrays of numbers. Their epochs follow from the epochs' own steps.
 */
export const stepColumnsSchema = z.object({
  /** 1-based over the whole run. */
  step: numbers,
  /** Mean cross-entropy of the batch in nats, before the update. */
  loss: numbers,
  tokenAccuracy: numbers,
});
export type StepColumns = z.infer<typeof stepColumnsSchema>;

export const epochSchema = z.object({
  epoch: z.number().int().nonnegative(),
  step: z.number().int().nonnegative(),
  trainLoss: z.number(),
  tokenAccuracy: z.number(),
  validationLoss: z.number().nullable(),
  entropy: z.number().nullable(),
  ttr: z.number().nullable(),
  rep2: z.number().nullable(),
  samples: z.array(z.object({ prompt: z.string(), text: z.string() })),
});
export type Epoch = z.infer<typeof epochSchema>;

/** What a follower of a run is told at a time. */
export const followedSchema = z.object({
  steps: stepColumnsSchema,
  epochs: z.array(epochSchema),
  /** Whether these are the newest there are; more comes at once where they are not. */
  isAll: z.boolean(),
});
export type Followed = z.infer<typeof followedSchema>;

/** A state of a run on the disk. */
export const checkpointSchema = z.object({
  step: z.number().int().nonnegative(),
  /** Epochs finished; there may be steps of the next one. */
  epoch: z.number().int().nonnegative(),
  /** Kept ones stay, as an adapter or a model of their own; the other is what a run goes on from, until the next. */
  kept: z.boolean(),
  folder: z.string(),
  bytes,
});
export type Checkpoint = z.infer<typeof checkpointSchema>;

const run = z.object({ run: z.number().int() });

export const runsContract = {
  /** Newest first; changes whenever a run does. */
  runs: signal(z.array(runSchema)),
  'runs.start': rpc(runRequestSchema, run),
  /** Keeps a checkpoint and ends the process, which frees its memory. */
  'runs.pause': rpc(run, nothing),
  'runs.resume': rpc(run, nothing),
  /** Stop here and use it: finished at the step reached, with its adapter or model. Also where it was paused or cut off. */
  'runs.finish': rpc(run, nothing),
  /** Oldest first. */
  'runs.checkpoints': rpc(run, z.array(checkpointSchema)),
  /** Keeps the state of now, to be compared with others later; of a run that is not computed, its last checkpoint. */
  'runs.keepCheckpoint': rpc(run, checkpointSchema),
  'runs.edit': rpc(run.extend(runNotesSchema.shape), nothing),
  /** With its folder. */
  'runs.remove': rpc(run, nothing),
  /**
   * The numbers of a run from the beginning, in packets of some ten thousand steps, then as they come a few times a second;
   * never ends by itself.
   */
  'runs.follow': channel(
    run.extend({ afterStep: z.number().int(), afterEpoch: z.number().int() }),
    followedSchema,
    (input, { steps, epochs }) => ({
      ...input,
      afterStep: steps.step.at(-1) ?? input.afterStep,
      afterEpoch: epochs.at(-1)?.epoch ?? input.afterEpoch,
    }),
  ),
};
