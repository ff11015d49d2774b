/** The computer in words, for the page and the terminal. */
import type { Machine } from './endpoints/system.ts';

/** "4 cores with 8 threads, computes with AVX2". */
export function processorWords({
  cores,
  threads,
  instructions,
}: Pick<Machine, 'cores' | 'threads' | 'instructions'>): string {
  const counted = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`;
  const amount =
    cores === null || cores === threads
      ? counted(threads, cores === null ? 'thread' : 'core')
      : `${counted(cores, 'core')} with ${counted(threads, 'thread')}`;
  const widest = instructions.at(-1);
  return widest === undefined ? amount : `${amount}, computes with ${widest}`;
}
