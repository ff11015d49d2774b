/** What a comparison shows, in a few plain sentences, for the page and for reports. */
import type { Measure, Measures, Overlap, TokenText } from './endpoints/comparison.ts';
import { isChance } from './measure-rows.ts';

export interface JudgedArm {
  readonly name: string;
  readonly texts: readonly Pick<TokenText, 'depths'>[];
  readonly measures: Measures;
  readonly overlaps: readonly Pick<Overlap, 'length'>[] | null;
}

/** From this share of marked tokens on, a text counts as going round in circles. */
const CIRCLING_SHARE = 1 / 3;
/** Where chance is not known, as with one text, smaller differences are not worth a word. */
const NOTEWORTHY = 0.02;
/** From so many tokens in a row on, nobody writes them by chance. */
const LONG_COPY = 16;

function isCircling({ depths }: Pick<TokenText, 'depths'>): boolean {
  return depths.filter((depth) => depth > 0).length > depths.length * CIRCLING_SHARE;
}

/** Sentences on each arm that is complete, and how the others differ from the first. */
export function verdict(arms: readonly JudgedArm[]): string[] {
  const complete = arms.filter(({ measures }) => measures !== null);
  const [first, ...others] = complete;
  return [
    ...complete.map(repetition),
    ...(first && first === arms[0] ? others.map((other) => beside(first, other)) : []),
    ...complete.map(copying),
    ...complete.slice(1).map(agreement),
  ].filter((sentence) => sentence !== '');
}

function repetition({ name, texts }: JudgedArm): string {
  const circling = texts.filter(isCircling).length;
  if (circling === 0) return `${name}: no text goes round in circles.`;
  const all = texts.length === 1 ? 'its one text goes' : `${circling} of ${texts.length} texts go`;
  return `${name}: ${all} round in circles (a third or more of it came before).`;
}

/** Words for a measure that is lower, and for one that is higher. */
const CHANGES: readonly (readonly [measure: string, lower: string, higher: string])[] = [
  ['rep2', 'repeats itself less', 'repeats itself more'],
  ['ttr', 'uses fewer different words', 'uses more different words'],
  ['entropy', 'is surer of its next word', 'is less sure of its next word'],
  ['perplexity', 'is surprised less by other text', 'is surprised more by other text'],
];

/** Only of what is more than chance, where that is known. */
function beside(first: JudgedArm, other: JudgedArm): string {
  const words = CHANGES.flatMap(([measure, lower, higher]) => {
    const change = changeOf(first.measures?.[measure], other.measures?.[measure]);
    return change === 0 ? [] : [change < 0 ? lower : higher];
  });
  return words.length > 0
    ? `Beside ${first.name}, ${other.name} ${inARow(words)}.`
    : `Between ${first.name} and ${other.name}, no difference is larger than chance would make it.`;
}

/** 0 where it may be chance, or is not known. */
function changeOf(first: Measure | undefined, other: Measure | undefined): number {
  if (other?.difference) return isChance(other.difference) ? 0 : other.difference.value;
  if (!first || !other) return 0;
  const change = other.value - first.value;
  return Math.abs(change) < NOTEWORTHY ? 0 : change;
}

function copying({ name, overlaps }: JudgedArm): string {
  if (!overlaps || overlaps.length === 0) return '';
  const longest = Math.max(...overlaps.map(({ length }) => length));
  const long = overlaps.filter(({ length }) => length >= LONG_COPY).length;
  if (long === 0)
    return `${name} copies no long passage of the training text: ${longest} tokens in a row at most.`;
  const texts = overlaps.length === 1 ? 'its one text' : `${long} of ${overlaps.length} texts`;
  return `${name} copies ${LONG_COPY} tokens in a row or more of the training text in ${texts}; the longest are ${longest}.`;
}

function agreement({ name, measures }: JudgedArm): string {
  const agrees = measures?.topOneAgreement?.value;
  if (agrees === undefined) return '';
  return `${name} would have chosen the same next word as the first in ${Math.round(100 * agrees)} of 100 places.`;
}

function inARow(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
