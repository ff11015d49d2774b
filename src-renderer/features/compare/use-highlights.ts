/** What a person's highlighters find in all texts of a comparison, found anew a moment after texts or highlighters change. */
import { watchDebounced } from '@vueuse/core';
import { onScopeDispose, shallowRef } from 'vue';
import { reasonOf } from '../../lab/reason-of.ts';
import { type Found, type Highlighter, patternProblem } from './highlighters.ts';
import { PatternRunner } from './pattern-runner.ts';
import type { Mark } from './spans.ts';

export interface Highlight extends Highlighter {
  /** By arm, then by prompt. */
  readonly found: readonly (readonly Found[])[];
  /** How often, by arm. */
  readonly counts: readonly number[];
  readonly problem: string;
}

const AFTER_CHANGE = { debounce: 300, maxWait: 2_000, immediate: true };

/** @param texts by arm, then by prompt; looked at only where there is a highlighter */
export function useHighlights(
  highlighters: () => readonly Highlighter[],
  texts: () => readonly (readonly string[])[],
) {
  const highlights = shallowRef<readonly Highlight[]>([]);
  const runner = new PatternRunner();
  onScopeDispose(() => runner.close());
  let asked = 0;

  watchDebounced(
    () => ({
      all: highlighters().map((one) => ({ ...one })),
      texts: highlighters().length > 0 ? texts() : [],
    }),
    async ({ all, texts: given }) => {
      const number = ++asked;
      const found = await Promise.all(all.map((one) => find(one, given)));
      if (number === asked) highlights.value = found;
    },
    AFTER_CHANGE,
  );

  async function find(highlighter: Highlighter, given: readonly (readonly string[])[]): Promise<Highlight> {
    const nothing = { ...highlighter, found: [], counts: given.map(() => 0) };
    const problem = patternProblem(highlighter.pattern);
    if (problem) return { ...nothing, problem };
    try {
      const all = await runner.find(highlighter.pattern, given.flat());
      const found = given.map((arm, place) => {
        const before = given.slice(0, place).reduce((sum, { length }) => sum + length, 0);
        return all.slice(before, before + arm.length);
      });
      const counts = found.map((arm) => arm.reduce((sum, { count }) => sum + count, 0));
      return { ...highlighter, found, counts, problem: '' };
    } catch (error) {
      return { ...nothing, problem: reasonOf(error) };
    }
  }

  function marksOf(arm: number, prompt: number): Mark[][] {
    return highlights.value.map(({ look, found }) =>
      (found[arm]?.[prompt]?.ranges ?? []).map(([start, end]) => ({ start, end, name: `h${look}` })),
    );
  }

  return { highlights, marksOf };
}
