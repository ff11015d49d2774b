/**
 * What is measured of an arm once it is complete, text by text and window by window: so it can be set beside any arm that is
 * written later, and the interval of a difference can be told (measures.ts). Nothing here depends on other arms.
 */
import { z } from 'zod';
import { overlapSchema } from '../../../src-preload/contract/endpoints/comparison.ts';
import { distinctByText, repetition } from '../../engine/analysis/diversity/repetition.ts';
import { selfBleuScores } from '../../engine/analysis/diversity/self-bleu.ts';
import { typeTokenRatio } from '../../engine/analysis/diversity/type-token-ratio.ts';

/** A measure as what each text, or each window, brings to it: Σ parts / Σ weights. */
const ratioSchema = z.object({ parts: z.array(z.number()), weights: z.array(z.number()) });
export type Ratio = z.infer<typeof ratioSchema>;

/** In the order in which they are shown. Definitions: see engine/analysis/diversity. */
const TEXT_MEASURES = ['ttr', 'rep2', 'rep3', 'distinct2', 'distinct3', 'selfBleu', 'tokens'] as const;
const textNumbersSchema = z.record(z.enum(TEXT_MEASURES), ratioSchema);
export type TextNumbers = z.infer<typeof textNumbersSchema>;

/** What an arm makes of the windows that its comparison holds beside all arms. */
export const heldOutSchema = z.object({
  /** Tells these windows, as this arm's tokens, from others: only what was measured on the same ones compares. */
  windows: z.string(),
  /** Of each window: the cross-entropy and the entropy of its predictions, in nats, summed over so many positions. */
  losses: z.array(z.number()),
  entropies: z.array(z.number()),
  positions: z.array(z.number()),
  /** The likeliest token at each position. */
  preferred: z.array(z.array(z.number())),
});
export type HeldOut = z.infer<typeof heldOutSchema>;

export const armNumbersSchema = z.object({
  texts: textNumbersSchema,
  /** Null where nobody knows what was trained on. */
  overlaps: z.array(overlapSchema).nullable(),
  heldOut: heldOutSchema.nullable(),
  /** What could not be measured, and why. */
  notes: z.array(z.string()),
});
export type ArmNumbers = z.infer<typeof armNumbersSchema>;

/** @param texts token ids of each */
export function measureTexts(texts: readonly (readonly number[])[]): TextNumbers {
  const mean = (parts: readonly number[]): Ratio => ({ parts: [...parts], weights: parts.map(() => 1) });
  const byText = (measure: (tokens: readonly number[]) => number) => mean(texts.map(measure));
  const distinct = (n: number): Ratio => {
    const { different, nGrams } = distinctByText(texts, n);
    return { parts: different, weights: nGrams };
  };
  return {
    ttr: byText((tokens) => typeTokenRatio(tokens)),
    rep2: byText((tokens) => repetition(tokens, 2)),
    rep3: byText((tokens) => repetition(tokens, 3)),
    distinct2: distinct(2),
    distinct3: distinct(3),
    selfBleu: mean(selfBleuScores(texts)),
    tokens: byText(({ length }) => length),
  };
}
