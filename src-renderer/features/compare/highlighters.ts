/**
 * A person's own marks: whatever a regular expression finds. Each has one of a few looks, which also differ in their lines,
 * so that no one needs to see colours. The finding itself is done by pattern-worker.ts, which can be stopped.
 */
import { z } from 'zod';

/** As many looks as style.css of the compare screens has, "h0" to "h4". */
export const LOOKS = 5;

export const highlighterSchema = z.object({
  pattern: z.string(),
  look: z
    .number()
    .int()
    .min(0)
    .max(LOOKS - 1),
});
export type Highlighter = z.infer<typeof highlighterSchema>;

/** What one pattern found in one text: how often, and from where to where, touching ones together. */
export interface Found {
  readonly count: number;
  readonly ranges: readonly (readonly [start: number, end: number])[];
}

/** @returns what is wrong with the pattern, in words; empty: nothing */
export function patternProblem(pattern: string): string {
  try {
    compile(pattern);
    return '';
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^.*: /s, '') : String(error);
    return `This is no regular expression: ${reason.toLowerCase()}. A “\\” before a sign takes it as it is written.`;
  }
}

/** Upper and lower case alike. An expression that finds nothing but emptiness finds nothing. */
export function findAll(pattern: string, texts: readonly string[]): Found[] {
  const expression = compile(pattern);
  return texts.map((text) => {
    const ranges: [number, number][] = [];
    let count = 0;
    for (const { index, 0: found } of text.matchAll(expression)) {
      if (found === '') continue;
      count++;
      const last = ranges.at(-1);
      if (last?.[1] === index) last[1] = index + found.length;
      else ranges.push([index, index + found.length]);
    }
    return { count, ranges };
  });
}

function compile(pattern: string): RegExp {
  return new RegExp(pattern, 'giu');
}

/** The look that is least used. */
export function nextLook(highlighters: readonly Highlighter[]): number {
  const uses = Array.from(
    { length: LOOKS },
    (_, look) => highlighters.filter((one) => one.look === look).length,
  );
  return uses.indexOf(Math.min(...uses));
}
