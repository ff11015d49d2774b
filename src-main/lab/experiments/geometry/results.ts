/** What "Terminal expansion" finds: see geometry.ts. */
import { z } from 'zod';

/** States that are looked at: more would cost memory and minutes, and what is told of so many hardly changes. */
export const MOST_TOKENS = 8_192;
/** Neighbouring texts are drawn together in a bootstrap, where there are more: what is kept grows with their third power. */
export const MOST_GROUPS = 32;

const intervalSchema = z.object({ low: z.number(), high: z.number() }).nullable();
const spreadSchema = z.object({
  participationRatioBase: z.number(),
  participationRatioTuned: z.number(),
  deltaDim: z.number(),
  deltaDimBand: intervalSchema,
});
export type SpreadNumbers = z.infer<typeof spreadSchema>;

const layerSchema = spreadSchema.extend({
  /** From 1. */
  block: z.int(),
  /** What leaves the block; or, of the last one, what leaves the final norm after it. */
  stage: z.enum(['output', 'after-final-norm']),
  cosine: z.number(),
  cosineBand: intervalSchema,
  l2: z.number(),
  l2Band: intervalSchema,
  /** Of states that were each divided by their length. */
  normalized: spreadSchema,
});
export type Layer = z.infer<typeof layerSchema>;

export const geometryResultsSchema = z.object({
  /** Positions at which states were compared, of so many that the texts have. */
  tokens: z.int(),
  ofTokens: z.int(),
  texts: z.int(),
  /** What the bootstrap draws: texts, or several together. */
  groups: z.int(),
  blocks: z.int(),
  width: z.int(),
  /** No participation ratio is larger: the smaller one of tokens − 1 and the width. */
  bound: z.int(),
  layers: z.array(layerSchema),
});
export type GeometryResults = z.infer<typeof geometryResultsSchema>;
