/** "Why it works": the papers' experiments on a person's own models, each kept with what it was made of. */
import { z } from 'zod';
import { rpc, signal } from '../endpoint.ts';
import { wireErrorSchema } from '../errors.ts';
import { showingSchema } from '../exhibits.ts';
import { nothing, time } from './common.ts';
import { recipeSchema } from './recipes.ts';

const count = z.number().int().positive();

/** What a run has made, beside the model that it began with. */
const subject = z.object({
  run: z.number().int(),
  /** One that the run has kept on its way; null: its result. */
  checkpoint: z.object({ step: count, epoch: z.number().int().nonnegative() }).nullable(),
  /** Texts that are read, taken from the run's held-out text (the lab's own beginnings where there is none). */
  texts: count.max(300),
  /** Tokens of each that are given as a beginning, and tokens that are written on from it. */
  promptTokens: count.max(512),
  maxNewTokens: count.max(4_000),
  seed: z.number().int().nonnegative(),
});

/** Runs that an experiment trains itself. */
const training = z.object({
  modelFolder: z.string(),
  recipe: recipeSchema,
  /** Texts that each of the trained models continues, from held-out text. */
  texts: count.max(300),
  promptTokens: count.max(512),
  maxNewTokens: count.max(4_000),
});

export const experimentRequestSchema = z.discriminatedUnion('kind', [
  subject.extend({ kind: z.literal('entropy-match') }),
  subject.extend({
    kind: z.literal('static-injection'),
    topTokens: count,
    strengths: z.array(z.number().positive()).min(2),
  }),
  subject.extend({ kind: z.literal('rank-origin') }),
  subject.extend({ kind: z.literal('geometry') }),
  subject.extend({ kind: z.literal('copying') }),
  subject.extend({ kind: z.literal('ttr-position') }),
  training.extend({
    kind: z.literal('strategies'),
    dataFile: z.string(),
    scopes: z.array(z.string()).min(2).max(64),
  }),
  training.extend({
    kind: z.literal('data-size'),
    dataFile: z.string(),
    sizes: z.array(count).min(2).max(16),
  }),
  training.extend({ kind: z.literal('order'), dataFile: z.string(), orders: count.min(2).max(16) }),
  training.extend({ kind: z.literal('domains'), dataFiles: z.array(z.string()).min(2).max(6) }),
  z.object({ kind: z.literal('learning-curve'), run: z.number().int() }),
]);
export type ExperimentRequest = z.infer<typeof experimentRequestSchema>;
export type ExperimentKind = ExperimentRequest['kind'];

/** "stopped": by a person or with the lab; what was found by then is kept, and it can go on. */
export const experimentStateSchema = z.enum(['waiting', 'running', 'finished', 'stopped', 'failed']);
export type ExperimentState = z.infer<typeof experimentStateSchema>;

export const experimentSchema = z.object({
  id: z.number().int(),
  name: z.string(),
  created: time,
  state: experimentStateSchema,
  /** Of the whole, 0 to 1, and what is being done just now. */
  share: z.number().min(0).max(1),
  stage: z.string(),
  /** Why it failed. */
  error: wireErrorSchema.nullable(),
  request: experimentRequestSchema,
});
export type Experiment = z.infer<typeof experimentSchema>;

const experiment = z.object({ experiment: z.number().int() });
const file = z.object({ name: z.string(), text: z.string() });

export const experimentsContract = {
  /** Newest first. */
  experiments: signal(z.array(experimentSchema)),
  /** Computed by the lab, whether or not somebody looks. */
  'experiments.start': rpc(experimentRequestSchema, experiment),
  /** Keeps what was found. */
  'experiments.stop': rpc(experiment, nothing),
  /** Goes on where it was stopped or failed: what was found is not computed again. */
  'experiments.resume': rpc(experiment, nothing),
  'experiments.rename': rpc(experiment.extend({ name: z.string().trim().min(1).max(200) }), nothing),
  /** With the runs that it has trained. */
  'experiments.remove': rpc(experiment, nothing),
  /** What is there by now; null where that is nothing yet. `detail` is what the experiment's own picture needs besides. */
  'experiments.show': rpc(experiment, z.object({ showing: showingSchema, detail: z.unknown() }).nullable()),
  /** Inputs, definitions and results as one JSON object, as `lab analyse --json` prints it. */
  'experiments.export': rpc(experiment, file),
  /** A study: these experiments in one HTML file, with how to compute them again. */
  'experiments.report': rpc(z.object({ experiments: z.array(z.number().int()).min(1) }), file),
};
