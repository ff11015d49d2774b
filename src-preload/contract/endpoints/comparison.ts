/** Texts side by side: the same beginnings, continued by several arms, token by token as they are written. */
import { z } from 'zod';
import { channel, rpc, signal } from '../endpoint.ts';
import { wireErrorSchema } from '../errors.ts';
import { nothing, time } from './common.ts';

/** Tokens of a run that must come again to be marked where texts are shown. */
export const MARKED_RUN = 4;

const MOST_ARMS = 16;
const MOST_PROMPTS = 200;
const MOST_NEW_TOKENS = 4_000;
/** Characters of a file that 'comparisons.import' takes. */
export const LARGEST_IMPORT = 24 * 1024 * 1024;

/** How the next token is chosen: see engine/generation/decoding.ts for each field. */
export const decodingSchema = z.strictObject({
  strategy: z.enum(['greedy', 'sample']).default('greedy'),
  temperature: z.number().positive().default(1),
  topP: z.number().positive().max(1).default(1),
  topK: z.number().int().nonnegative().default(0),
  minP: z.number().min(0).max(1).default(0),
  repetitionPenalty: z.number().positive().default(1),
  noRepeatNgramSize: z.number().int().nonnegative().default(0),
  citationBlocker: z.boolean().default(false),
});
export type Decoding = z.infer<typeof decodingSchema>;
export const GREEDY: Decoding = decodingSchema.parse({});

/** How a model's weights are kept while it writes: in less room, which may change what it writes. */
export const weightPrecisionSchema = z.enum(['float32', '8-bit', '4-bit']);
export type WeightPrecision = z.infer<typeof weightPrecisionSchema>;

/** A side of a comparison: a model as it is, or as a run made it, and its way to choose words. */
export const armSchema = z.object({
  name: z.string().min(1),
  /** Where there is a run, the model that it began with. */
  modelFolder: z.string(),
  run: z.number().int().nullable(),
  /** One that the run has kept on its way; null: its result. */
  checkpoint: z
    .object({ step: z.number().int().nonnegative(), epoch: z.number().int().nonnegative() })
    .nullable(),
  decoding: decodingSchema.default(GREEDY),
  /** In full if not said. */
  weights: weightPrecisionSchema.optional(),
});
export type Arm = z.infer<typeof armSchema>;

export const comparisonRequestSchema = z.object({
  arms: z
    .array(armSchema)
    .min(1, 'Choose a model or a run')
    .max(MOST_ARMS, `At most ${MOST_ARMS} can stand side by side`),
  prompts: z
    .array(z.string().min(1))
    .min(1, 'There is no beginning')
    .max(MOST_PROMPTS, `At most ${MOST_PROMPTS} beginnings`),
  /** How the texts go on that the beginnings were taken from: one for each, or none. */
  references: z.array(z.string()).default([]),
  maxNewTokens: z.number().int().positive().max(MOST_NEW_TOKENS),
  /** Of chance, where an arm's decoding takes any. */
  seed: z.number().int().nonnegative().default(1),
});
export type ComparisonRequest = z.infer<typeof comparisonRequestSchema>;

/** "stopped": by a person or with the lab; what was written by then is kept. */
export const comparisonStateSchema = z.enum(['waiting', 'writing', 'finished', 'stopped', 'failed']);
export type ComparisonState = z.infer<typeof comparisonStateSchema>;

export const comparisonSchema = z.object({
  id: z.number().int(),
  name: z.string(),
  created: time,
  state: comparisonStateSchema,
  request: comparisonRequestSchema,
  /** Read from a file: to look at, and to vote on. Its models are not asked any more. */
  imported: z.boolean(),
});
export type Comparison = z.infer<typeof comparisonSchema>;

/** One continuation of one prompt. */
export const tokenTextSchema = z.object({
  tokens: z.array(z.number().int().nonnegative()),
  /** What each token stands for: together they give the text. */
  pieces: z.array(z.string()),
  /** Of each token: how often a run of MARKED_RUN tokens that it stands in came before in the same text. */
  depths: z.array(z.number().int().nonnegative()),
});
export type TokenText = z.infer<typeof tokenTextSchema>;

/** The end of a text, which takes the place of whatever stood there: depths change a little way back as tokens come. */
export const textTailSchema = tokenTextSchema.extend({
  prompt: z.number().int().nonnegative(),
  /** The place of its first token. */
  from: z.number().int().nonnegative(),
});
export type TextTail = z.infer<typeof textTailSchema>;

/** A measure of an arm, and how it differs from the first arm's: with the interval that 95 of 100 bootstrap samples fall into. */
export const measureSchema = z.object({
  value: z.number(),
  /** Null for the first arm, and where there is nothing to sample. */
  difference: z.object({ value: z.number(), low: z.number(), high: z.number() }).nullable(),
});
export type Measure = z.infer<typeof measureSchema>;

/** Measures of an arm's texts by name (see measure-words.ts); null before all of them are written. */
export const measuresSchema = z.record(z.string(), measureSchema).nullable();
export type Measures = z.infer<typeof measuresSchema>;

/** The longest run of tokens that a text shares with the training text, and where that stands there. */
export const overlapSchema = z.object({
  length: z.number().int().nonnegative(),
  /** Its first token in the text. */
  start: z.number().int().nonnegative(),
  source: z
    .object({ window: z.number().int().nonnegative(), offset: z.number().int().nonnegative() })
    .nullable(),
});
export type Overlap = z.infer<typeof overlapSchema>;

export const writtenPacketSchema = z.object({
  state: comparisonStateSchema,
  /** Of the whole, 0 to 1. */
  share: z.number().min(0).max(1),
  /** Why it failed. */
  error: wireErrorSchema.nullable(),
  measures: z.array(measuresSchema),
  /** By arm, then by prompt; null before an arm is complete, and where no run among the arms tells what was trained on. */
  overlaps: z.array(z.array(overlapSchema).nullable()),
  /** What could not be measured, and why: such as a training text that is gone. */
  notes: z.array(z.string()),
  tails: z.array(textTailSchema.extend({ arm: z.number().int().nonnegative() })),
});
export type WrittenPacket = z.infer<typeof writtenPacketSchema>;

/** A place in a comparison: after so many tokens of an arm's text. */
const placeSchema = z.object({
  comparison: z.number().int(),
  arm: z.number().int().nonnegative(),
  prompt: z.number().int().nonnegative(),
  /** Tokens of the text before it. */
  tokens: z.number().int().nonnegative(),
});

/** What one arm would write next at a place, whoever wrote the text before it. */
export const predictionSchema = z.object({
  arm: z.number().int().nonnegative(),
  /** The likeliest tokens, best first. */
  top: z.array(
    z.object({
      token: z.number().int().nonnegative(),
      piece: z.string(),
      probability: z.number().min(0).max(1),
    }),
  ),
  /** Of the token that stands there in the text: 1 is the likeliest. Null at the text's end. */
  chosen: z
    .object({
      token: z.number().int().nonnegative(),
      piece: z.string(),
      probability: z.number().min(0).max(1),
      rank: z.number().int().positive(),
    })
    .nullable(),
  /** In nats. */
  entropy: z.number().nonnegative(),
});
export type Prediction = z.infer<typeof predictionSchema>;

/** Who wrote a text: an arm by its place, or the human whose text the beginning was taken from. */
export const writerSchema = z.union([z.number().int().nonnegative(), z.literal('human')]);
export type Writer = z.infer<typeof writerSchema>;

export const voteSchema = z.object({
  voter: z.string().trim().min(1).max(80),
  prompt: z.number().int().nonnegative(),
  /** As they stood before the voter, who did not know who wrote which. */
  left: writerSchema,
  right: writerSchema,
  choice: z.enum(['left', 'right', 'tie', 'both bad']),
});
export type Vote = z.infer<typeof voteSchema>;

/** What the votes on two writers come to. */
export const tallySchema = z.object({
  first: writerSchema,
  second: writerSchema,
  firstPreferred: z.number().int().nonnegative(),
  secondPreferred: z.number().int().nonnegative(),
  ties: z.number().int().nonnegative(),
  bothBad: z.number().int().nonnegative(),
  /** Of the votes with a preference, the share for the first, with its exact 95 % interval (Clopper and Pearson). */
  share: z.object({ value: z.number(), low: z.number(), high: z.number() }).nullable(),
  /** Exact binomial test, two-sided, that either is preferred alike. */
  p: z.number().nullable(),
});
export type Tally = z.infer<typeof tallySchema>;

export const votesSchema = z.object({
  votes: z.array(voteSchema),
  tallies: z.array(tallySchema),
  /** Krippendorff's alpha (nominal) over texts that several people judged; null where there are none. */
  agreement: z.number().nullable(),
});
export type Votes = z.infer<typeof votesSchema>;

const comparison = z.object({ comparison: z.number().int() });
const file = z.object({ name: z.string(), text: z.string() });

export const comparisonContract = {
  /** Newest first. */
  comparisons: signal(z.array(comparisonSchema)),
  /** Written by the lab, whether or not somebody follows. Refuses runs that have no result yet. */
  'comparisons.start': rpc(comparisonRequestSchema, comparison),
  /** Keeps what is written. */
  'comparisons.stop': rpc(comparison, nothing),
  /** Writes what is missing: arms that are not complete, from their beginning. */
  'comparisons.resume': rpc(comparison, nothing),
  /** One more arm beside those that are written, which stay as they are. */
  'comparisons.addArm': rpc(comparison.extend({ arm: armSchema }), nothing),
  'comparisons.rename': rpc(comparison.extend({ name: z.string().trim().min(1).max(200) }), nothing),
  'comparisons.remove': rpc(comparison, nothing),
  /** What is written so far, then what comes, until it is over. Asked again it begins anew: tails know their places. */
  'comparisons.follow': channel(comparison, writtenPacketSchema, (input) => input),
  /** What each arm would write next at this place, as it is computed. Ends after the last arm. */
  'comparisons.inspect': channel(placeSchema, predictionSchema, (input) => input),
  /** What the arm would write if this token stood at this place: `tails` of the one text that begins with it. Kept nowhere. */
  'comparisons.branch': channel(
    placeSchema.extend({
      token: z.number().int().nonnegative(),
      maxNewTokens: z.number().int().positive().max(MOST_NEW_TOKENS),
    }),
    textTailSchema,
    (input) => input,
  ),
  /** The training window that a text has copied from, as text in three parts. */
  'comparisons.source': rpc(
    comparison.extend({ arm: z.number().int().nonnegative(), prompt: z.number().int().nonnegative() }),
    z.object({
      before: z.string(),
      copied: z.string(),
      after: z.string(),
      file: z.string(),
      line: z.number().int(),
    }),
  ),
  'comparisons.votes': rpc(comparison, votesSchema),
  'comparisons.vote': rpc(comparison.extend({ vote: voteSchema }), votesSchema),
  /** "json": in LLM Comparator's schema, for the first two arms, with all arms under "custom_fields". */
  'comparisons.export': rpc(comparison.extend({ format: z.enum(['html', 'csv', 'json']) }), file),
  /** A JSON file of this lab or of LLM Comparator, to look at again. */
  'comparisons.import': rpc(z.object({ name: z.string(), text: z.string() }), comparison),
  /** Beginnings out of what a run has held out, and how they really go on. */
  'prompts.heldOut': rpc(
    z.object({
      run: z.number().int(),
      count: z.number().int().positive().max(MOST_PROMPTS),
      tokens: z.number().int().positive(),
    }),
    z.object({ prompts: z.array(z.string()), references: z.array(z.string()) }),
  ),
  /** Beginnings in a file: one a line, or a record a line. */
  'prompts.read': rpc(z.object({ file: z.string() }), z.object({ prompts: z.array(z.string()) })),
};

/** The text with its new end. */
export function putTail(text: TokenText, { from, tokens, pieces, depths }: TextTail): TokenText {
  return {
    tokens: [...text.tokens.slice(0, from), ...tokens],
    pieces: [...text.pieces.slice(0, from), ...pieces],
    depths: [...text.depths.slice(0, from), ...depths],
  };
}

/** What has changed since the text had so many tokens; undefined: nothing. */
export function tailOf(text: TokenText, prompt: number, known: number): TextTail | undefined {
  if (text.tokens.length <= known) return undefined;
  const from = Math.max(0, known - MARKED_RUN + 1);
  return {
    prompt,
    from,
    tokens: text.tokens.slice(from),
    pieces: text.pieces.slice(from),
    depths: text.depths.slice(from),
  };
}
