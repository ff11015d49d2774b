/** The numbers of a comparison as a table: a row for each measure, with how each arm differs from the first. */
import type { Measure, Measures } from './endpoints/comparison.ts';
import { MEASURE_WORDS, type MeasureWords } from './measure-words.ts';

export interface MeasureCell {
  readonly value: string;
  /** "+0.120 (0.050 to 0.190)"; empty where there is nothing to differ from. */
  readonly difference: string;
  /** Whether chance alone could make this difference; undefined where there is none. */
  readonly mayBeChance: boolean | undefined;
}

export interface MeasureRow extends MeasureWords {
  readonly key: string;
  readonly cells: readonly MeasureCell[];
}

/** What is counted in whole tokens. */
const WHOLE = new Set(['tokens', 'maxOverlap']);
const MINUS = '−';

/** Measures that the lab gives and no words are known for come last, under their own name. */
export function measureRows(measures: readonly Measures[]): MeasureRow[] {
  const given = new Set(measures.flatMap((one) => Object.keys(one ?? {})));
  const known = Object.keys(MEASURE_WORDS).filter((key) => given.has(key));
  const unknown = [...given].filter((key) => !(key in MEASURE_WORDS));
  return [...known, ...unknown].map((key) => ({
    key,
    ...(MEASURE_WORDS[key] ?? { name: key, term: '', help: '' }),
    cells: measures.map((one) => cellOf(one?.[key], WHOLE.has(key) ? 0 : 3)),
  }));
}

function cellOf(measure: Measure | undefined, digits: number): MeasureCell {
  if (measure === undefined) return { value: '–', difference: '', mayBeChance: undefined };
  const { value, difference } = measure;
  const shown = numberWords(value, digits);
  if (!difference) return { value: shown, difference: '', mayBeChance: undefined };
  const [middle, low, high] = [difference.value, difference.low, difference.high].map((one) =>
    signed(one, digits),
  );
  return {
    value: shown,
    difference: `${middle} (${low} to ${high})`,
    mayBeChance: isChance(difference),
  };
}

/** The interval of the difference contains 0. */
export function isChance({ low, high }: { readonly low: number; readonly high: number }): boolean {
  return low <= 0 && high >= 0;
}

function signed(value: number, digits: number): string {
  const sign = value < 0 ? MINUS : value > 0 ? '+' : '';
  return `${sign}${numberWords(Math.abs(value), digits)}`;
}

function numberWords(value: number, digits: number): string {
  if (Math.abs(value) >= 1_000) return Math.round(value).toLocaleString('en');
  // Perplexities and lengths need no thousandths.
  return value.toFixed(Math.abs(value) >= 100 ? Math.min(digits, 1) : digits);
}
