/** A few places in texts for the page's slider of the temperature: half of them where the two models differ, if there are. */
import type { PicturePlace } from '../../../../src-preload/contract/temperature-picture.ts';
import { argMax, logProbability, logSumExp, rankOf } from '../../../engine/analysis/diversity/predictions.ts';
import { logitsAfter, prefixAt } from '../../../engine/analysis/predicted-positions.ts';
import { mostLikelyFirst } from '../../../engine/generation/most-likely-first.ts';
import type { OpenPair, PairInputs } from '../open-pair.ts';
import { pieceAfter } from '../passage.ts';

const PLACES = 6;
const TOKENS_SHOWN = 12;
const TOKENS_BEFORE = 48;
const STEP = 0.05;
const STEPS = 40;

/** Where the slider stops. */
export function sliderTemperatures(matched: number | null): number[] {
  const stops = Array.from({ length: STEPS }, (_, stop) => Math.round((stop + 1) * STEP * 100) / 100);
  return [...new Set(matched === null ? stops : [...stops, matched])].sort((a, b) => a - b);
}

/** @param choices the models' first choices at each position of the texts */
export async function readPlaces(
  pair: OpenPair,
  { texts }: Pick<PairInputs, 'texts'>,
  choices: { readonly base: readonly number[]; readonly tuned: readonly number[] },
  temperatures: readonly number[],
): Promise<PicturePlace[]> {
  const prefixes = choosePositions(choices).map((position) => prefixAt(texts, position));
  const read = (side: 'base' | 'tuned') =>
    pair.use(side, async ({ reader }) => {
      const logits: Float32Array[] = [];
      for (const prefix of prefixes) logits.push(await logitsAfter(reader, prefix));
      return logits;
    });
  const [base, tuned] = [await read('base'), await read('tuned')];
  return pair.use('base', async ({ model: { tokenizer } }) =>
    prefixes.map((prefix, place) => {
      const [own, other] = [base[place]!, tuned[place]!];
      const piece = (token: number) => pieceAfter(prefix, token, tokenizer);
      const probability = (token: number) => Math.exp(logProbability(other, token));
      const choice = argMax(other);
      return {
        before: tokenizer.decode(prefix.slice(-TOKENS_BEFORE)),
        tokens: [...mostLikelyFirst(Float64Array.from(own)).take(TOKENS_SHOWN)].map((token) => ({
          piece: piece(token),
          logit: own[token]!,
          tuned: { rank: rankOf(other, token), probability: probability(token) },
        })),
        logTotals: temperatures.map((temperature) =>
          logSumExp(Float64Array.from(own, (logit) => logit / temperature)),
        ),
        tunedChoice: { piece: piece(choice), rank: rankOf(own, choice), probability: probability(choice) },
      };
    }),
  );
}

/** Spread evenly over the positions at which the models differ, and over the others. */
function choosePositions({ base, tuned }: Parameters<typeof readPlaces>[2]): number[] {
  const positions = [...base.keys()];
  const differing = positions.filter((position) => base[position] !== tuned[position]);
  const equal = positions.filter((position) => base[position] === tuned[position]);
  const ofDiffering = Math.min(differing.length, Math.max(PLACES / 2, PLACES - equal.length));
  return [...spread(differing, ofDiffering), ...spread(equal, PLACES - ofDiffering)];
}

function spread(positions: readonly number[], count: number): number[] {
  const taken = Math.min(count, positions.length);
  return Array.from(
    { length: taken },
    (_, index) => positions[Math.floor(((index + 0.5) * positions.length) / taken)]!,
  );
}
