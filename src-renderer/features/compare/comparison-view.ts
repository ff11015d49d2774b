/**
 * What the parts of one comparison's screen share: its texts, what is marked in them, and the token that a person stands at.
 * Made by ComparisonView.vue, and taken by whatever is below it.
 */
import { computed, type InjectionKey, inject, provide, type Ref, type ShallowRef, shallowRef } from 'vue';
import type { Comparison, Overlap, TokenText } from '../../../src-preload/contract/endpoints/comparison.ts';
import {
  partingMark,
  partingOf,
  repeatedMarks,
  sharedMarks,
  uniqueMarks,
  type Word,
  wordsOf,
} from './differences.ts';
import { type Mark, startsOf } from './spans.ts';
import { useHighlights } from './use-highlights.ts';
import { type Kind, useMarking } from './use-marking.ts';
import { useWrittenTexts } from './use-written-texts.ts';
import { isOver } from './words.ts';

/** A token of a text; how many arms and prompts there are may change below it. */
export interface Place {
  readonly arm: number;
  readonly prompt: number;
  readonly token: number;
}

/** Copied runs are short by chance; from here on they are marked. */
export const NOTEWORTHY_COPY = 4;

export type ComparisonView = ReturnType<typeof makeView>;
const KEY: InjectionKey<ComparisonView> = Symbol('the comparison that is shown');

export function provideComparisonView(comparison: () => Comparison): ComparisonView {
  const view = makeView(comparison);
  provide(KEY, view);
  return view;
}

export function useComparisonView(): ComparisonView {
  const view = inject(KEY);
  if (!view) throw new Error('There is no comparison here.');
  return view;
}

function makeView(comparison: () => Comparison) {
  const written = useWrittenTexts(comparison);
  const marking = useMarking();
  const textOf = (arm: number, prompt: number) => written.cells.value[arm]?.[prompt]?.value ?? EMPTY;
  const arms = computed(() => comparison().request.arms);
  const prompts = computed(() => comparison().request.prompts);
  const highlights = useHighlights(
    () => marking.value.highlighters,
    () => written.cells.value.map((cells) => cells.map(({ value }) => value.pieces.join(''))),
  );
  /** Where a person stands, by click or keys; what stands there is looked at while `isInspecting`. */
  const place: ShallowRef<Place | undefined> = shallowRef();
  const isInspecting: Ref<boolean> = shallowRef(false);
  /** The one beginning that is shown, where it is one at a time. */
  const reading = shallowRef<number>();
  /** Of all texts, the one that Tab comes to. */
  const entrance = computed(() => {
    const { value: at } = place;
    const isShown = at !== undefined && (reading.value ?? at.prompt) === at.prompt;
    return isShown ? { arm: at.arm, prompt: at.prompt } : { arm: 0, prompt: reading.value ?? 0 };
  });

  /** All of an arm's texts are written. */
  function isComplete(arm: number): boolean {
    return (written.measures.value[arm] ?? null) !== null;
  }

  function overlapOf(arm: number, prompt: number): Overlap | undefined {
    const overlap = written.overlaps.value[arm]?.[prompt];
    return overlap && overlap.length >= NOTEWORTHY_COPY ? overlap : undefined;
  }

  /** All marks of one text, kind by kind. */
  function marksOf(arm: number, prompt: number): Mark[][] {
    const { pieces, depths } = textOf(arm, prompt);
    const text = pieces.join('');
    const starts = startsOf(pieces);
    const first = textOf(0, prompt).pieces;
    const words = (other: number) => wordsIn(textOf(other, prompt));
    const others = () => arms.value.map((_, other) => other).filter((other) => other !== arm);
    const makers: Record<Kind, () => Mark[]> = {
      repeated: () => repeatedMarks(starts, depths),
      shared: () => (arm === 0 ? [] : sharedMarks(words(arm), words(0))),
      unique: () => (arms.value.length === 1 ? [] : uniqueMarks(words(arm), others().map(words))),
      parting: () => {
        const parting = bothGreedy(arm) ? partingOf(pieces, first) : undefined;
        return parting === undefined ? [] : [partingMark(text, starts, parting)];
      },
      copied: () => {
        const overlap = overlapOf(arm, prompt);
        if (!overlap) return [];
        const { start, length } = overlap;
        return [{ start: starts[start] ?? 0, end: starts[start + length] ?? 0, name: 'copied' }];
      },
    };
    return [...marking.value.shown.map((kind) => makers[kind]()), ...highlights.marksOf(arm, prompt)];
  }

  /** Whether both always take the likeliest word: only then do they part at a place. */
  function bothGreedy(arm: number): boolean {
    return arm > 0 && [0, arm].every((one) => arms.value[one]?.decoding.strategy === 'greedy');
  }

  /** Goes to a token of a text, or as near to it as there is one. */
  function stand({ arm, prompt, token }: Place): void {
    if (written.cells.value[arm]?.[prompt] === undefined) return;
    const last = Math.max(0, textOf(arm, prompt).tokens.length - 1);
    place.value = { arm, prompt, token: Math.min(last, Math.max(0, token)) };
  }

  return {
    comparison: computed(comparison),
    arms,
    prompts,
    references: computed(() => comparison().request.references),
    isOver: computed(() => isOver(comparison().state)),
    isComplete,
    /** Models of a comparison that came from a file are not asked any more. */
    canInspect: computed(() => !comparison().imported),
    ...written,
    marking,
    highlights,
    place,
    isInspecting,
    reading,
    entrance,
    stand,
    textOf,
    marksOf,
    overlapOf,
  };
}

/** Each text is compared with all others of its beginning: its words are looked for once. */
const wordsFound = new WeakMap<TokenText, readonly Word[]>();
function wordsIn(text: TokenText): readonly Word[] {
  const words = wordsFound.get(text) ?? wordsOf(text.pieces.join(''));
  wordsFound.set(text, words);
  return words;
}

const EMPTY: TokenText = { tokens: [], pieces: [], depths: [] };
