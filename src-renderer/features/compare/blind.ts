/**
 * A blind vote: two texts on one beginning, in an order that says nothing about who wrote them. Which stands left, and which
 * beginning comes next, depends on the voter and the pair alone, so a vote that is interrupted goes on as it began.
 */
import type { Vote, Writer } from '../../../src-preload/contract/endpoints/comparison.ts';

export interface Pair {
  readonly first: Writer;
  readonly second: Writer;
}

export interface Ballot {
  readonly prompt: number;
  readonly left: Writer;
  readonly right: Writer;
}

/**
 * @param isThere whether a writer's text on a beginning is complete
 * @returns all ballots of a voter on a pair, in the order in which they are shown
 */
export function ballots(
  voter: string,
  { first, second }: Pair,
  prompts: number,
  isThere: (writer: Writer, prompt: number) => boolean,
): Ballot[] {
  const both = [String(first), String(second)].sort().join(' and ');
  const chance = (prompt: number, what: string) => hash(`${what} ${prompt} of ${both} for ${voter.trim()}`);
  return Array.from({ length: prompts }, (_, prompt) => prompt)
    .filter((prompt) => isThere(first, prompt) && isThere(second, prompt))
    .map((prompt) => ({ prompt, place: chance(prompt, 'place') }))
    .sort((one, other) => one.place - other.place)
    .map(({ prompt }) => {
      const [left, right] = chance(prompt, 'side') % 2 === 0 ? [first, second] : [second, first];
      return { prompt, left, right };
    });
}

/** The vote that a voter has given on a ballot, if any. */
export function voteOn(
  { prompt, left, right }: Ballot,
  voter: string,
  votes: readonly Vote[],
): Vote | undefined {
  return votes.findLast(
    (vote) =>
      vote.voter === voter.trim() &&
      vote.prompt === prompt &&
      (vote.left === left ? vote.right === right : vote.left === right && vote.right === left),
  );
}

/** Both as long as the shorter one, so that length does not tell who wrote it. Cut between words, and said to be cut. */
export function alike(texts: readonly [string, string]): [string, string] {
  const [one, other] = texts.map((text) => text.trim().match(/\S+\s*/g) ?? []);
  const words = Math.min(one!.length, other!.length);
  return [one!, other!].map((all) => `${all.slice(0, words).join('').trimEnd()} …`) as [string, string];
}

/** FNV-1a, mixed once more: its last bits would depend on the last letters alone. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  return (value ^ (value >>> 13)) >>> 0;
}
