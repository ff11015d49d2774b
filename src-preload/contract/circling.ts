/** Texts that go round in circles, for the sentence that a comparison begins with, in the page and in reports. */
import type { TokenText } from './endpoints/comparison.ts';

/** From this share of marked tokens on, a text counts as going round in circles. */
const CIRCLING_SHARE = 1 / 3;

export function isCircling({ depths }: Pick<TokenText, 'depths'>): boolean {
  return depths.filter((depth) => depth > 0).length > depths.length * CIRCLING_SHARE;
}

/** How many of an arm's texts do, in a sentence. */
export function circlingWords(name: string, texts: readonly Pick<TokenText, 'depths'>[]): string {
  const circling = texts.filter(isCircling).length;
  if (circling === 0) return `${name}: no text goes round in circles.`;
  const all = texts.length === 1 ? 'its one text goes' : `${circling} of ${texts.length} texts go`;
  return `${name}: ${all} round in circles (more than a third of it came before).`;
}
