/**
 * Measures of an arm beside those of the first: what they come to, and how far they differ. How much a difference would
 * change with other beginnings, or other held-out windows, is told by bootstrap: both arms are looked at on the same draws,
 * so that what is hard for both does not count. A text that several texts are compared with (distinct-n, Self-BLEU) stays
 * what it is compared with; were it drawn anew too, a text that is drawn twice would pass for one that repeats another.
 */
import type {
  Measure,
  Measures,
  Overlap,
  TokenText,
} from '../../../src-preload/contract/endpoints/comparison.ts';
import { bootstrapIntervals } from '../../engine/analysis/statistics/bootstrap.ts';
import type { ArmNumbers, HeldOut, Ratio } from './arm-numbers.ts';

const SEED = 1;

/**
 * By the names of measure-words.ts, in their order.
 * @param first those of the first arm, `arm` itself for that; null: they are not known
 * @param texts of both, where they may be compared word by word
 */
export function measuresOf(
  arm: ArmNumbers,
  first: ArmNumbers | null,
  texts?: { readonly own: readonly TokenText[]; readonly first: readonly TokenText[] },
): NonNullable<Measures> {
  const baseline = first === arm ? null : first;
  return {
    ...compare(arm.texts, baseline?.texts),
    ...(texts && compare({ sameTokens: sameTokens(texts.own, texts.first) }, undefined)),
    ...(arm.heldOut && heldOutMeasures(arm.heldOut, first?.heldOut)),
    ...(arm.overlaps && overlapMeasures(arm.overlaps, baseline?.overlaps)),
  };
}

/** Arms that were not measured on the same windows have no differences. */
function heldOutMeasures(own: HeldOut, first: HeldOut | null | undefined): Record<string, Measure> {
  const beside = first?.windows === own.windows ? first : undefined;
  const against = (measure: (one: HeldOut) => Record<string, Ratio>, scale?: (ratio: number) => number) =>
    compare(measure(own), beside && beside !== own ? measure(beside) : undefined, scale);
  return {
    ...against(({ entropies, positions }) => ({ entropy: { parts: entropies, weights: positions } })),
    ...against(({ losses, positions }) => ({ perplexity: { parts: losses, weights: positions } }), Math.exp),
    ...(beside && against((one) => ({ topOneAgreement: agreement(one, beside) }))),
  };
}

/** The share of positions at which both have the same token for the likeliest. */
function agreement({ preferred, positions }: HeldOut, other: HeldOut): Ratio {
  const agreeing = preferred.map((tokens, window) => {
    const others = other.preferred[window]!;
    return tokens.filter((token, position) => token === others[position]).length;
  });
  return { parts: agreeing, weights: positions };
}

/** By what tokens stand for: models with other tokens have something in common too. */
function sameTokens(own: readonly TokenText[], first: readonly TokenText[]): Ratio {
  const same = own.map(({ pieces }, text) => {
    const others = first[text]?.pieces;
    return pieces.filter((piece, place) => piece === others?.[place]).length;
  });
  return { parts: same, weights: own.map(({ pieces }) => pieces.length) };
}

/** The longest of all says nothing about other texts, so its difference has no interval, and is not told. */
function overlapMeasures(
  own: readonly Overlap[],
  first: readonly Overlap[] | null | undefined,
): Record<string, Measure> {
  const lengths = (overlaps: readonly Overlap[]) => overlaps.map(({ length }) => length);
  const ratio = (overlaps: readonly Overlap[]): Record<string, Ratio> => ({
    meanOverlap: { parts: lengths(overlaps), weights: overlaps.map(() => 1) },
  });
  return {
    ...compare(ratio(own), first ? ratio(first) : undefined),
    maxOverlap: { value: Math.max(0, ...lengths(own)), difference: null },
  };
}

/** @param scale what is told of a ratio */
function compare(
  own: Readonly<Record<string, Ratio>>,
  first: Readonly<Record<string, Ratio>> | undefined,
  scale: (ratio: number) => number = (ratio) => ratio,
): Record<string, Measure> {
  const value = (ratio: Ratio, items?: Int32Array) => scale(quotient(ratio, items));
  const names = Object.keys(own);
  const count = own[names[0]!]!.parts.length;
  const differences = (beside: Readonly<Record<string, Ratio>>, items?: Int32Array) =>
    names.map((name) => value(own[name]!, items) - value(beside[name]!, items));
  // A single text, or window, tells nothing of others.
  const told = first && count > 1 ? differences(first) : undefined;
  const intervals = told && bootstrapIntervals(count, (items) => differences(first!, items), { seed: SEED });
  return Object.fromEntries(
    names.map((name, place) => {
      const difference = told && intervals ? { value: told[place]!, ...intervals[place]! } : null;
      return [name, { value: value(own[name]!), difference }];
    }),
  );
}

/** Of all items, or of those at these places. 0 of nothing. */
function quotient({ parts, weights }: Ratio, items?: Int32Array): number {
  let [sum, weight] = [0, 0];
  const count = items?.length ?? parts.length;
  for (let place = 0; place < count; place++) {
    const item = items?.[place] ?? place;
    sum += parts[item]!;
    weight += weights[item]!;
  }
  return weight === 0 ? 0 : sum / weight;
}
