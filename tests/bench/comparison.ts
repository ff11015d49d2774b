/** What was measured of a row, and what follows from it. A ratio is always one of numbers of the same round. */
import { z } from 'zod';
import { median, type Result, resultSchema } from './measurement.ts';
import { type Contender, type Row, rowSchema } from './row.ts';

/** One round of a row, as it is kept: a line of the file of results. */
export const roundSchema = z.object({
  computer: z.string(),
  /** When it ended, ISO 8601. */
  date: z.string(),
  row: rowSchema,
  /** For each contender, in the row's order. */
  results: z.array(z.object({ variant: z.string(), result: resultSchema })),
});
export type Round = z.infer<typeof roundSchema>;

export interface Measured {
  readonly contender: Contender;
  /** Of the contender's; the first round's fastest. */
  readonly variant: string;
  /** One a round. */
  readonly results: readonly Result[];
}

export interface Comparison {
  readonly row: Row;
  readonly measured: readonly Measured[];
}

/** @param rounds of one row, at least one */
export function comparisonOf(rounds: readonly Round[]): Comparison {
  const { row } = rounds[0]!;
  const measured = row.contenders.map((contender, index) => ({
    contender,
    variant: rounds[0]!.results[index]!.variant,
    results: rounds.map(({ results }) => results[index]!.result),
  }));
  return { row, measured };
}

/** What a contender is compared with: ours with products in the same precision, never the rounded ones with exact ones. */
export function oursOf({ measured }: Comparison, compared: Contender): Measured | undefined {
  return measured.find(
    ({ contender }) => contender.role === 'ours' && contender.products === compared.products,
  );
}

/** How many times as fast as the peer, in each round. */
export function speedRatios(ours: Measured, peer: Measured): number[] {
  return peer.results.map(({ seconds }, round) => seconds / ours.results[round]!.seconds);
}

/** The part of the best products of each round that ours reaches; empty where nothing was counted, or ours are rounded: the best are not. */
export function sharesOfBest({ measured }: Comparison, ours: Measured): number[] {
  if (ours.contender.products !== undefined) return [];
  const ceilings = measured.filter(({ contender }) => contender.role === 'ceiling');
  return ours.results.flatMap((result, round) => {
    const reached = gflops(result);
    const best = Math.max(...ceilings.map(({ results }) => gflops(results[round]!) ?? 0));
    return reached === null || best <= 0 ? [] : [reached / best];
  });
}

/** Billions of multiplications and additions a second, where they were counted. */
function gflops({ operations, seconds }: Result): number | null {
  return operations === null ? null : operations / seconds / 1e9;
}

export function medianSeconds({ results }: Measured): number {
  return median(results.map(({ seconds }) => seconds));
}

/** Null where it was not counted. */
export function medianGflops({ results }: Measured): number | null {
  return medianOfKnown(results.map(gflops));
}

/** Null where the system did not tell. */
export function medianMiB({ results }: Measured, kind: 'peakMiB' | 'librariesMiB'): number | null {
  return medianOfKnown(results.map((result) => result[kind]));
}

/** Tokens a second: learned from, passed through, or written; null where the measurement is of something else. */
export function tokensPerSecond(measured: Measured): number | null {
  const seconds = medianSeconds(measured);
  const { measurement } = measured.contender;
  switch (measurement.kind) {
    case 'step':
      return (measurement.batch * measurement.length) / seconds;
    case 'course':
      return (measurement.windows * measurement.length * measurement.epochs) / seconds;
    case 'prefix':
      return (measurement.windows * measurement.length) / seconds;
    case 'decode':
      return (measurement.prompts * measurement.newTokens) / seconds;
    default:
      return null;
  }
}

function medianOfKnown(numbers: readonly (number | null)[]): number | null {
  const known = numbers.filter((number) => number !== null);
  return known.length === 0 ? null : median(known);
}
