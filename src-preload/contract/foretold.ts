/** What a run was thought to need before it began, beside what it took: the page and the terminal show the same. */
import { bytes, durationWords } from './amount-words.ts';

/** Null where it is not known. */
export interface Amounts {
  readonly memoryBytes: number | null;
  readonly seconds: number | null;
  readonly diskBytes: number | null;
}

export interface ForetoldRow {
  readonly name: string;
  readonly thought: string;
  readonly was: string;
  /** "10 % more than thought"; empty where one of the two is not known. */
  readonly difference: string;
}

/** A row for each of which something was said. */
export function foretoldRows(thought: Amounts, was: Amounts): ForetoldRow[] {
  const row = (name: string, said: number | null, found: number | null, words: (amount: number) => string) =>
    said === null
      ? []
      : [
          {
            name,
            thought: `about ${words(said)}`,
            was: found === null ? 'not known yet' : words(found),
            difference: found === null ? '' : differenceWords(said, found),
          },
        ];
  return [
    ...row('Time', thought.seconds, was.seconds, durationWords),
    ...row('Memory at most', thought.memoryBytes, was.memoryBytes, bytes),
    ...row('Room on the disk at most', thought.diskBytes, was.diskBytes, bytes),
  ];
}

function differenceWords(thought: number, was: number): string {
  if (thought === 0) return '';
  const percent = Math.round(100 * (was / thought - 1));
  if (percent === 0) return 'as thought';
  return `${Math.abs(percent)}\u00a0% ${percent > 0 ? 'more' : 'less'} than thought`;
}
