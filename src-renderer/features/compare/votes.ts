/** What votes come to, in words. */
import type { Tally, Votes } from '../../../src-preload/contract/endpoints/comparison.ts';

const USUAL_LIMIT = 0.05;

/** @param first and second as the two writers are called */
export function tallyWords(tally: Tally, first: string, second: string): string[] {
  const { firstPreferred, secondPreferred, ties, bothBad, share, p } = tally;
  const preferring = firstPreferred + secondPreferred;
  const sentences = [
    `Preferred: ${first} ${times(firstPreferred)}, ${second} ${times(secondPreferred)}.`,
    `No preference ${times(ties + bothBad)}: equally good ${times(ties)}, both bad ${times(bothBad)}.`,
  ];
  if (share && p !== null) {
    const percent = (value: number) => `${Math.round(100 * value)} %`;
    sentences.push(
      `Of ${preferring} ${preferring === 1 ? 'vote' : 'votes'} with a preference, ${percent(share.value)} are for ${first} (95 % interval: ${percent(share.low)} to ${percent(share.high)}).`,
      p < USUAL_LIMIT
        ? `That is more than chance: were both liked alike, a result this clear would come up in ${rarity(p)} (exact binomial test, p = ${shown(p)}).`
        : `That may be chance: were both liked alike, a result this clear would come up in ${rarity(p)} (exact binomial test, p = ${shown(p)}).`,
    );
  }
  return sentences;
}

export function agreementWords({ agreement }: Pick<Votes, 'agreement'>): string {
  if (agreement === null) return '';
  const words =
    agreement >= 0.8
      ? 'The voters agree well'
      : agreement >= 0.4
        ? 'The voters agree in part'
        : 'The voters hardly agree, or not at all';
  return `${words} (Krippendorff’s alpha ${agreement.toFixed(2)}: 1 is always, 0 is as by chance).`;
}

function times(count: number): string {
  if (count === 0) return 'never';
  return count === 1 ? 'once' : `${count} times`;
}

function rarity(p: number): string {
  return p >= 0.01 ? `${Math.round(100 * p)} of 100 such votes` : `fewer than 1 of 100 such votes`;
}

function shown(p: number): string {
  return p < 0.001 ? 'less than 0.001' : p.toFixed(3);
}
