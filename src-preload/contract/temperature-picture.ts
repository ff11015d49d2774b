/**
 * What the page needs to let a person move the temperature: a few places in texts with the base model's likeliest tokens. It
 * is the `detail` of the experiment "entropy-match".
 */
import { z } from 'zod';

const share = z.number().min(0).max(1);
const rank = z.number().int().positive();

export const temperaturePictureSchema = z.object({
  /** Rising; the slider stops at these. 1 and the matched one are among them. */
  temperatures: z.array(z.number().positive()),
  /** At which the base is as sure as the tuned model; null where none is found. */
  matched: z.number().nullable(),
  places: z.array(
    z.object({
      before: z.string(),
      /** The base's likeliest tokens, the likeliest first, and how each stands with the tuned model. */
      tokens: z.array(
        z.object({ piece: z.string(), logit: z.number(), tuned: z.object({ rank, probability: share }) }),
      ),
      /** log Σ exp(logit / T) over all tokens the model knows, at each of the temperatures. */
      logTotals: z.array(z.number()),
      /** What the tuned model likes best here, and its rank with the base. */
      tunedChoice: z.object({ piece: z.string(), rank, probability: share }),
    }),
  ),
});
export type TemperaturePicture = z.infer<typeof temperaturePictureSchema>;
export type PicturePlace = TemperaturePicture['places'][number];

/** Of each of the place's tokens at temperatures[stop]; what is missing to 1 is that of all other tokens. */
export function probabilitiesAt(
  { tokens, logTotals }: PicturePlace,
  { temperatures }: Pick<TemperaturePicture, 'temperatures'>,
  stop: number,
): number[] {
  return tokens.map(({ logit }) => Math.exp(logit / temperatures[stop]! - logTotals[stop]!));
}
