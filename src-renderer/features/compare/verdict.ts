/** What a comparison shows, in a few plain sentences. */
import type { Measures, TokenText } from '../../../src-preload/contract/endpoints/comparison.ts';

export interface JudgedArm {
  readonly name: string;
  readonly texts: readonly Pick<TokenText, 'depths'>[];
  readonly measures: Measures;
}

/** From this share of marked tokens on, a text counts as going round in circles. */
const CIRCLING_SHARE = 1 / 3;
/** Differences below it are not worth a word. */
const NOTEWORTHY = 0.02;

function isCircling({ depths }: Pick<TokenText, 'depths'>): boolean {
  return depths.filter((depth) => depth > 0).length > depths.length * CIRCLING_SHARE;
}

/** A sentence on each arm that is complete, and how the others differ from the first. */
export function verdict(arms: readonly JudgedArm[]): string[] {
  const complete = arms.filter(({ measures }) => measures !== null);
  const sentences = complete.map(({ name, texts }) => {
    const circling = texts.filter(isCircling).length;
    const all = texts.length === 1 ? 'its one text goes' : `${circling} of ${texts.length} texts go`;
    if (circling === 0) return `${name}: no text goes round in circles.`;
    return `${name}: ${all} round in circles (a third or more of it came before).`;
  });
  const [first, ...others] = complete;
  if (first?.measures && arms[0] === first)
    for (const { name, measures } of others) {
      const words = differences(first.measures, measures ?? {});
      if (words.length > 0) sentences.push(`Beside ${first.name}, ${name} ${words.join(' and ')}.`);
    }
  return sentences;
}

function differences(first: Record<string, number>, other: Record<string, number>): string[] {
  const change = (measure: string) => (other[measure] ?? 0) - (first[measure] ?? 0);
  const words: string[] = [];
  if (Math.abs(change('rep2')) >= NOTEWORTHY)
    words.push(change('rep2') < 0 ? 'repeats itself less' : 'repeats itself more');
  if (Math.abs(change('ttr')) >= NOTEWORTHY)
    words.push(change('ttr') > 0 ? 'uses more different words' : 'uses fewer different words');
  return words;
}
