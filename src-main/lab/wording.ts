/** Numbers and names in sentences and rows. */
import type { Interval } from '../engine/analysis/statistics/bootstrap.ts';

/** A share, 0 to 1: "57 %", "0.4 %". */
export function percent(share: number): string {
  const hundredths = share * 100;
  return `${hundredths.toFixed(hundredths > 0 && hundredths < 10 ? 1 : 0)} %`;
}

/** "1 text", "12 texts" */
export function countOf(count: number, singular: string, plural = `${singular}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? singular : plural}`;
}

/** "a", "a and b", "a, b and c" */
export function listOf(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** As it begins a sentence or a row. */
export function capitalized(words: string): string {
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

/** "+0.12", "−0.03"; what is rounded to nothing has no sign. */
export function signed(difference: number, digits = 2): string {
  const size = Math.abs(difference).toFixed(digits);
  if (Number(size) === 0) return size;
  return `${difference < 0 ? '−' : '+'}${size}`;
}

/** "difference −0.03, 95 % interval −0.06 to +0.01" */
export function differenceWords({ mean, low, high }: Interval & { readonly mean: number }): string {
  return `difference ${signed(mean)}, 95 % interval ${signed(low)} to ${signed(high)}`;
}
