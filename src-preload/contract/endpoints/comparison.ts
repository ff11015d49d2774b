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

/** A side of a comparison: a model as it is, or as a run made it. */
export const armSchema = z.object({
  name: z.string().min(1),
  /** Where there is a run, the model that it began with. */
  modelFolder: z.string(),
  run: z.number().int().nullable(),
  /** One that the run has kept on its way; null: its result. */
  checkpoint: z
    .object({ step: z.number().int().nonnegative(), epoch: z.number().int().nonnegative() })
    .nullable(),
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
  maxNewTokens: z.number().int().positive().max(MOST_NEW_TOKENS),
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

/** Measures of an arm's texts by name; null before all of them are written. */
export const measuresSchema = z.record(z.string(), z.number()).nullable();
export type Measures = z.infer<typeof measuresSchema>;

export const writtenPacketSchema = z.object({
  state: comparisonStateSchema,
  /** Of the whole, 0 to 1. */
  share: z.number().min(0).max(1),
  /** Why it failed. */
  error: wireErrorSchema.nullable(),
  measures: z.array(measuresSchema),
  tails: z.array(textTailSchema.extend({ arm: z.number().int().nonnegative() })),
});
export type WrittenPacket = z.infer<typeof writtenPacketSchema>;

const comparison = z.object({ comparison: z.number().int() });

export const comparisonContract = {
  /** Newest first. */
  comparisons: signal(z.array(comparisonSchema)),
  /** Written by the lab, whether or not somebody follows. Refuses runs that have no result yet. */
  'comparisons.start': rpc(comparisonRequestSchema, comparison),
  /** Keeps what is written. */
  'comparisons.stop': rpc(comparison, nothing),
  'comparisons.rename': rpc(comparison.extend({ name: z.string().trim().min(1).max(200) }), nothing),
  'comparisons.remove': rpc(comparison, nothing),
  /** What is written so far, then what comes, until it is over. Asked again it begins anew: tails know their places. */
  'comparisons.follow': channel(comparison, writtenPacketSchema, (input) => input),
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
