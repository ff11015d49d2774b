/** In what the texts that continue one beginning differ from each other, as marks of their characters. */
import type { Mark } from './spans.ts';

/** So many words in a row count as shared: fewer, such as "and then", stand in any two texts. */
export const SHARED_RUN = 3;
/** Beyond it, how often something came before makes no difference to the eye. */
const DEEPEST = 3;

/** A word of a text, in small letters, and where it stands. */
export interface Word {
  readonly start: number;
  readonly end: number;
  readonly word: string;
}

export function wordsOf(text: string): Word[] {
  return [...text.matchAll(/[\p{L}\p{N}\p{M}'’-]+/gu)].map(({ 0: found, index }) => ({
    start: index,
    end: index + found.length,
    word: found.toLowerCase(),
  }));
}

/** What was said before in the same text: "d1" once, "d2" twice, "d3" more often. */
export function repeatedMarks(starts: readonly number[], depths: readonly number[]): Mark[] {
  const marks: { start: number; end: number; name: string }[] = [];
  for (const [place, depth] of depths.entries()) {
    const [start, end] = [starts[place], starts[place + 1]];
    if (depth === 0 || start === undefined || end === undefined) continue;
    const name = `d${Math.min(depth, DEEPEST)}`;
    const last = marks.at(-1);
    if (last?.end === start && last.name === name) last.end = end;
    else marks.push({ start, end, name });
  }
  return marks;
}

/** Runs of SHARED_RUN words or more that also stand in the first text, wherever. */
export function sharedMarks(words: readonly Word[], first: readonly Word[]): Mark[] {
  const known = new Set(runsOf(first));
  const marks: { start: number; end: number; name: string }[] = [];
  for (const [place, run] of runsOf(words).entries()) {
    if (!known.has(run)) continue;
    const [start, end] = [words[place]!.start, words[place + SHARED_RUN - 1]!.end];
    const last = marks.at(-1);
    if (last && start <= last.end) last.end = end;
    else marks.push({ start, end, name: 'shared' });
  }
  return marks;
}

function runsOf(words: readonly Word[]): string[] {
  return words.slice(SHARED_RUN - 1).map((_, place) => {
    const run = words.slice(place, place + SHARED_RUN);
    return run.map(({ word }) => word).join(' ');
  });
}

/** Words that no other text has. */
export function uniqueMarks(words: readonly Word[], others: readonly (readonly Word[])[]): Mark[] {
  const known = new Set(others.flat().map(({ word }) => word));
  return words
    .filter(({ word }) => !known.has(word))
    .map(({ start, end }) => ({ start, end, name: 'unique' }));
}

/** The first piece in which a text differs from another; undefined where one is as the other as far as both go. */
export function partingOf(pieces: readonly string[], first: readonly string[]): number | undefined {
  const both = Math.min(pieces.length, first.length);
  for (let place = 0; place < both; place++) if (pieces[place] !== first[place]) return place;
  return undefined;
}

/** The first character of the piece that is seen, whole: half of one is nothing that can be shown. */
export function partingMark(text: string, starts: readonly number[], piece: number): Mark {
  const from = starts[piece] ?? 0;
  const seen = text.slice(from).search(/\S/);
  const start = from + Math.max(0, seen);
  const [character = ''] = text.slice(start, start + 2);
  return { start, end: start + character.length, name: 'parts' };
}
