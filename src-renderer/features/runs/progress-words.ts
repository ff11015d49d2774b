/** How far a run is, in words for people who do not code. */
import type { Live, Run } from '../../../src-preload/contract/endpoints/runs.ts';

export const PHASE_WORDS: Readonly<Record<Live['phase'], string>> = {
  starting: 'Getting ready',
  prefix: 'Running the frozen part of the model once',
  training: 'Learning the text',
};

export function phaseWords({ state, live }: Pick<Run, 'state' | 'live'>): string {
  if (state === 'waiting') return 'Waits until the computer is free';
  return PHASE_WORDS[live?.phase ?? 'starting'];
}

/** "2 h 5 min", "40 s". */
export function durationWords(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return `${Math.round(hours / 24)} days`;
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}
